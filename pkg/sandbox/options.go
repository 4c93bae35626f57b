package sandbox

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Options say how the server behaves. The zero value is a single-user server on the wall clock that
// answers as fast as it can. Durations are the wall clock's unless it is said.
//
// Maps by operation have the API's names for keys, such as CreateRun; the key "" stands for all
// operations that are not named.
type Options struct {
	// Now is the wall clock; time.Now when nil.
	Now func() time.Time
	// Version is what healthz reports; "sandbox" when empty. A server whose time runs faster says so there.
	Version string
	// Speed is how many times as fast as the wall clock the server's time runs, which runs and recurring
	// runs live by; 1 when zero. API latency is not scaled.
	Speed float64
	// Seed makes ids, latencies and errors repeatable: the n-th call of an operation has the same fate
	// whatever else is called. Zero is another seed each time.
	Seed uint64
	// MultiUser demands a namespace and a bearer token for everything but healthz.
	MultiUser bool
	// Tokens are the namespaces that the holder of a token may do everything in.
	Tokens map[string][]string
	// Latency is added to operations.
	Latency map[string]Latency
	// ErrorRate is how many calls of operations fail before anything is done.
	ErrorRate map[string]ErrorRate
	// Stalls are times at which the server answers nobody.
	Stalls []Stall
	// Throttle is that of KFP's own clients of Kubernetes.
	Throttle Throttle
	// PersistenceLag is how late, in the server's time, a run's new state becomes visible.
	PersistenceLag time.Duration
	// ListCost is added to a list for each row that it looks through: all, or all of an experiment or a
	// namespace, or those of the ids or the name that it is asked for.
	ListCost time.Duration
	// Fault may answer a request instead of the server: with a status, when ok. It is asked once a
	// request, with the API's name of the operation; it must be safe for concurrent use.
	Fault func(operation string) (status int, ok bool)
	// Injected, if any, is told of each request how long it was held on purpose: by Latency, Stalls, Throttle
	// and ListCost together. It is what the request had to wait, not what the timers made of it. It is told
	// before the answer leaves, so that who has the answers has all that was told of them; nothing is told of
	// a caller who went while it waited. It must be safe for concurrent use.
	Injected func(operation string, latency time.Duration)
}

// Latency is a time that differs from call to call: lognormal, or fixed when Sigma is zero.
type Latency struct {
	Median time.Duration
	// Sigma is the standard deviation of the time's natural logarithm: at 0.5 every twentieth call takes
	// more than 2.3 medians.
	Sigma float64
}

// ErrorRate is a share of calls, from 0 to 1, and the HTTP status that they fail with: 503 when it is zero.
type ErrorRate struct {
	Rate   float64
	Status int
}

// Stall is a time since the server's start, To left out, at which every request is held until To.
type Stall struct{ From, To time.Duration }

// Throttle is how many calls to Kubernetes a second KFP allows itself, and how many at once after a rest:
// 5 and 10 unless it is installed otherwise. Each run that is created, deleted or terminated is one; in
// multi-user mode so is each call whose caller must be known. There is no throttle when QPS is zero.
type Throttle struct {
	QPS   float64
	Burst int
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Version == "" {
		o.Version = "sandbox"
	}
	if o.Speed == 0 {
		o.Speed = 1
	}
	if o.Speed != 1 {
		o.Version += fmt.Sprintf(" (simulated, %gx)", o.Speed)
	}
	if o.Seed == 0 {
		o.Seed = rand.Uint64() //nolint:gosec // ids of a sandbox are no secrets
	}
	if o.Fault == nil {
		o.Fault = func(string) (int, bool) { return 0, false }
	}
	return o
}

// of returns what is said of an operation.
func of[T any](byOperation map[string]T, operation string) T {
	if said, found := byOperation[operation]; found {
		return said
	}
	return byOperation[""]
}
