package handoff

import (
	"fmt"
	"time"
)

// EntryProgress is where one entry of the scenario stands.
type EntryProgress struct {
	// Entry is the entry's index, from 0.
	Entry int    `json:"entry"`
	Mode  string `json:"mode"`
	// Namespace is whose share of the entry this is, where several namespaces have one; else empty.
	Namespace string `json:"namespace,omitempty"`
	// Pipeline is the entry's pipelineFileName.
	Pipeline string `json:"pipeline,omitempty"`
	// Phase is waiting, preparing, running or done.
	Phase string `json:"phase"`
	// Calls says that the work is calls, and not runs, which may fail after they were made.
	Calls bool `json:"calls,omitempty"`
	// Total is how much work there is in all; 0 while nobody knows. Started counts what was begun;
	// Succeeded, Failed and InFlight what became of it; Errors calls that failed: of runs, those that could
	// not be created. Dropped was due while too much was in flight.
	Total     int `json:"total"`
	Started   int `json:"started"`
	InFlight  int `json:"inFlight"`
	Succeeded int `json:"succeeded"`
	Failed    int `json:"failed"`
	Errors    int `json:"errors"`
	Dropped   int `json:"dropped,omitempty"`
	// CreateMax is the slowest CreateRun so far.
	CreateMax time.Duration `json:"createMaxNs,omitempty"`
	// Failure is why the entry as a whole failed, empty while it has not.
	Failure string `json:"failure,omitempty"`
}

// Ended counts the work that is over, successful or not.
func (e EntryProgress) Ended() int { return e.Succeeded + e.Failed + e.Errors }

// Standing says in words how far the work is, the most important first. It is for an entry that has begun.
func (e EntryProgress) Standing(duration func(time.Duration) string) []string {
	done, failed, notCreated := e.Succeeded+e.Failed, e.Failed, e.Errors
	if e.Calls {
		done, failed, notCreated = e.Ended(), e.Errors, 0
	}
	parts := []string{fmt.Sprintf("%d done", done)}
	if e.Total > 0 {
		parts[0] = fmt.Sprintf("%d/%d done", done, e.Total)
	}
	for _, count := range []struct {
		n    int
		text string
	}{{failed, "failed"}, {notCreated, "not created"}, {e.Dropped, "dropped"}, {e.InFlight, "in flight"}} {
		if count.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count.n, count.text))
		}
	}
	if e.CreateMax > 0 {
		parts = append(parts, "create max "+duration(e.CreateMax))
	}
	return parts
}
