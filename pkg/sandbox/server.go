// Package sandbox is a Kubeflow Pipelines (KFP) v2beta1 API server in this process: enough of one to try
// the tool without a cluster, and to test against. It answers as KFP 2.0.5 does where that can be relied
// on; test/conformance runs the same cases against both. Two traits are KFP 2.17's: fields that a message
// does not have are refused, and a package that is no YAML gets an answer (2.0.5 never gives one).
//
// It refuses to execute anything, to keep anything after its end, and to be measured: runs take the time
// their pipelines name, and nothing costs what it costs in KFP.
package sandbox

import (
	"encoding/json"
	"net/http"
	"time"
)

// prefix starts every path of the API.
const prefix = "/apis/v2beta1"

// Options say how the server behaves. The zero value is a server of its own, on the wall clock.
type Options struct {
	// Now is the server's clock, which the runs live by; time.Now when nil.
	Now func() time.Time
	// Version is what healthz reports; "sandbox" when empty.
	Version string
	// Fault may answer a request instead of the server: with a status, when ok. It is asked once a
	// request, with the API's name of the operation, such as CreateRun; it must be safe for concurrent use.
	Fault func(operation string) (status int, ok bool)
}

// Server is an API server. It implements http.Handler.
type Server struct {
	options Options
	mux     *http.ServeMux
	store   *store
}

// New returns a server that has nothing but the default experiment.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Version == "" {
		o.Version = "sandbox"
	}
	if o.Fault == nil {
		o.Fault = func(string) (int, bool) { return 0, false }
	}
	s := &Server{options: o, mux: http.NewServeMux(), store: newStore(o.Now())}
	s.handle("GET /healthz", "GetHealthz", s.getHealthz)
	s.handle("GET /experiments", "ListExperiments", s.listExperiments)
	s.handle("POST /experiments", "CreateExperiment", s.createExperiment)
	s.handle("GET /pipelines/{id}/versions", "ListPipelineVersions", s.listPipelineVersions)
	s.handle("GET /runs", "ListRuns", s.listRuns)
	s.handle("POST /runs", "CreateRun", s.createRun)
	s.handleUpload("POST /pipelines/upload", "UploadPipeline", s.uploadPipeline)
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// handler answers one operation: with a message that is sent as JSON, or with a refusal.
type handler func(*http.Request) (any, *refusal)

// handle serves an operation as KFP's gRPC gateway does.
func (s *Server) handle(pattern, operation string, answer handler) {
	s.serve(pattern, operation, answer, (*refusal).writeAsGateway)
}

// handleUpload serves an operation as KFP's upload server does, which has errors of its own shape.
func (s *Server) handleUpload(pattern, operation string, answer handler) {
	s.serve(pattern, operation, answer, (*refusal).writeAsUpload)
}

func (s *Server) serve(pattern, operation string, answer handler, refuse func(*refusal, http.ResponseWriter)) {
	s.mux.HandleFunc(withPrefix(pattern), func(w http.ResponseWriter, r *http.Request) {
		if status, ok := s.options.Fault(operation); ok {
			refuse(&refusal{status: status, code: codeInternal, message: "a fault that was asked for"}, w)
			return
		}
		message, refused := answer(r)
		if refused != nil {
			refuse(refused, w)
			return
		}
		write(w, http.StatusOK, "application/json", message)
	})
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
