package sandbox

import (
	"context"
	"net/http"
	"time"
)

// heldKey is the context key of how long a request has been held so far, a *time.Duration: whatever holds
// it sees nothing of it but its context. Only the request's own goroutine touches it.
type heldKey struct{}

// telling makes a handler whose requests Options.Injected is told of, if there is one.
func (s *Server) telling(operation string, answer handler) handler {
	tell := s.options.Injected
	if tell == nil {
		return answer
	}
	return func(r *http.Request) (any, *refusal) {
		var held time.Duration
		message, refused := answer(r.WithContext(context.WithValue(r.Context(), heldKey{}, &held)))
		if refused == nil || refused.status != statusGone {
			tell(operation, held)
		}
		return message, refused
	}
}

// wait lets time pass, unless the caller goes.
func wait(ctx context.Context, d time.Duration) *refusal {
	if d <= 0 {
		return nil
	}
	if held, ok := ctx.Value(heldKey{}).(*time.Duration); ok {
		*held += d
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &refusal{statusGone, codeCanceled, context.Cause(ctx).Error()}
	}
}
