package workload

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

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
	var ids []string
	e.mu.Lock()
	for _, r := range e.book {
		if r.stage == following {
			ids = append(ids, r.ID)
		}
	}
	e.mu.Unlock()
	e.finish(ctx, func(ctx context.Context) {
		failed := each(ids, func(id string) error { return e.preparing().TerminateRun(ctx, id) })
		if failed > 0 {
			e.warn(fmt.Sprintf("%d of %d unfinished runs could not be terminated", failed, len(ids)))
		}
	})
}

// each calls do for all ids, several at once, and returns how many calls failed. An id that the server does
// not know any more is no failure.
func each(ids []string, do func(id string) error) int {
	var failed atomic.Int64
	var calls sync.WaitGroup
	places := make(chan struct{}, atOnceMost)
	for _, id := range ids {
		places <- struct{}{}
		calls.Go(func() {
			defer func() { <-places }()
			if err := do(id); err != nil && !gone(err) {
				failed.Add(1)
			}
		})
	}
	calls.Wait()
	return int(failed.Load())
}

// gone reports whether the server does not know what was asked for.
func gone(err error) bool {
	var failed *kfp.Error
	return errors.As(err, &failed) && failed.Status == http.StatusNotFound
}
