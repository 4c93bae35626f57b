package workload

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// atOnceMost bounds the calls that take things back at the end.
const atOnceMost = 8

// terminateRest ends the runs that go on after the waiting, when the entry asks for it. They stay
// unfinished in the result.
func (e *Entry) terminateRest(ctx context.Context) {
	if !e.spec.Terminate {
		return
	}
	ids := e.Underway()
	client := e.preparing()
	left := each(ids, func(id string) error {
		err := client.TerminateRun(ctx, id)
		if kfp.StatusOf(err) == http.StatusBadRequest {
			return nil // it has ended meanwhile
		}
		return err
	})
	if len(left) > 0 {
		e.warn(fmt.Sprintf("%d of %d unfinished runs could not be terminated", len(left), len(ids)))
	}
}

// Underway returns the ids of the runs that had not ended when the entry did.
func (e *Entry) Underway() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var ids []string
	for _, r := range e.book.runs {
		if r.stage == following {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// each calls do for all ids, several at once, and returns those whose calls failed. An id that the server does
// not know any more is no failure.
func each(ids []string, do func(id string) error) (failed []string) {
	var mu sync.Mutex
	var calls sync.WaitGroup
	places := make(chan struct{}, atOnceMost)
	for _, id := range ids {
		places <- struct{}{}
		calls.Go(func() {
			defer func() { <-places }()
			if err := do(id); err != nil && kfp.StatusOf(err) != http.StatusNotFound {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, id)
			}
		})
	}
	calls.Wait()
	return failed
}
