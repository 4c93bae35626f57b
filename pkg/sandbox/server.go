// Package sandbox is a Kubeflow Pipelines (KFP) v2beta1 API server in this process: enough of one to try
// the tool without a cluster, and to test against. It answers as KFP 2.0.5 does where that can be relied
// on; test/conformance runs the same cases against both. Two traits are KFP 2.17's: fields that a message
// does not have are refused, and a package that is no YAML gets an answer (2.0.5 never gives one).
//
// Nothing runs in the background: where runs and recurring runs stand is worked out from the clock when a
// request comes. With a clock that is given, all of it is determined.
//
// It refuses to execute anything, to keep anything after its end, and to be measured: runs take the time
// their pipelines name, and nothing costs what it costs in KFP unless the options say so.
package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// prefix starts every path of the API.
const prefix = "/apis/v2beta1"

// Server is an API server. It implements http.Handler, and works in a bubble of testing/synctest.
type Server struct {
	options Options
	mux     *http.ServeMux
	clock   clock
	ids     *chance
	store   *store
	lists   lists
	// operations are the names of what is served.
	operations []string
	// workflows and schedules are KFP's clients of Kubernetes for the two kinds of object; reviews is the
	// one that asks who a caller is.
	workflows, schedules, reviews *throttle
}

// New returns a server that has nothing but, in single-user mode, the default experiment.
func New(o Options) *Server {
	o = o.withDefaults()
	s := &Server{
		options: o, mux: http.NewServeMux(), store: newStore(),
		clock:     clock{wall: o.Now, start: o.Now(), speed: o.Speed},
		ids:       newChance(o.Seed, "ids"),
		workflows: newThrottle(o.Throttle, o.Now), schedules: newThrottle(o.Throttle, o.Now), reviews: newThrottle(o.Throttle, o.Now),
	}
	s.lists = newLists(s.store)
	if !o.MultiUser {
		s.store.experiments.add(s.newExperiment(defaultExperiment, "",
			"All runs created without specifying an experiment will be grouped here."))
	}
	s.routes()
	return s
}

// Operations returns the API's names of all that a server answers to, in order.
func Operations() []string { return slices.Sorted(slices.Values(New(Options{}).operations)) }

// Now returns the server's time: what its messages say and schedules follow. It is not the wall clock's
// when Options.Speed is not 1.
func (s *Server) Now() time.Time { return s.clock.now() }

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// handler answers one operation: with a message that is sent as JSON, or with a refusal.
type handler func(*http.Request) (any, *refusal)

// done is the answer of an operation that tells nothing.
type done struct{}

// serve answers a pattern of http.ServeMux, whose path is without the API's prefix.
func (s *Server) serve(pattern string, answer http.HandlerFunc) {
	method, path, _ := strings.Cut(pattern, " ")
	s.mux.HandleFunc(method+" "+prefix+path, answer)
}

// gateway makes an operation that is answered as KFP's gRPC gateway does.
func (s *Server) gateway(operation string, answer handler) http.HandlerFunc {
	return s.operation(operation, answer, (*refusal).writeAsGateway)
}

// operation makes an operation, with all that stands in its way.
func (s *Server) operation(name string, answer handler, refuse func(*refusal, http.ResponseWriter)) http.HandlerFunc {
	s.operations = append(s.operations, name)
	h := newHindrance(s.options, name, s.clock.start)
	hindered := s.telling(name, func(r *http.Request) (any, *refusal) {
		if refused := h.pass(r.Context()); refused != nil {
			return nil, refused
		}
		s.catchUp(s.Now())
		return answer(r)
	})
	return func(w http.ResponseWriter, r *http.Request) {
		message, refused := hindered(r)
		if refused != nil {
			refuse(refused, w)
			return
		}
		write(w, http.StatusOK, "application/json", message)
	}
}

// write sends a message. When that fails the client is gone, and there is nobody to tell.
func write(w http.ResponseWriter, status int, contentType string, message any) {
	content, err := json.Marshal(message)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(content)
}
