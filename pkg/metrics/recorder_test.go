package metrics

import (
	"encoding/json"
	"sync"
	"testing"
	"time"
)

// took is a call that left when it was due and was answered after a while.
func took(operation, class string, d time.Duration) Call {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return Call{Operation: operation, Class: class, Planned: at, Sent: at, Done: at.Add(d), Answered: true}
}

func TestResponseCountsTheWaitForItsTurn(t *testing.T) {
	var r Recorder
	late := took("CreateRun", "", time.Second)
	late.Sent = late.Planned.Add(900 * time.Millisecond)
	r.Record(late)
	r.Record(took("CreateRun", "", 5*time.Millisecond))
	o := r.Operations()[0]
	if o.Response.Max() != time.Second || o.Service.Max() != 100*time.Millisecond || o.Lag.Max() != 900*time.Millisecond {
		t.Errorf("response %v, service %v, lag %v", o.Response.Max(), o.Service.Max(), o.Lag.Max())
	}
	if o.Lag.Min() != time.Microsecond || o.Lag.Clamped() != 0 {
		t.Errorf("a call on time has lag %v, %d clamped", o.Lag.Min(), o.Lag.Clamped())
	}
}

func TestRecorderCountsByOperationAndClass(t *testing.T) {
	var r Recorder
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			for range 25 {
				r.Record(took("ListRuns", "", time.Millisecond))
				r.Record(took("CreateRun", "http 500", 2*time.Millisecond))
				unanswered := took("CreateRun", "timeout", 30*time.Second)
				unanswered.Answered = false
				r.Record(unanswered)
			}
		})
	}
	callers.Wait()

	got := r.Operations()
	if len(got) != 2 || got[0].Name != "CreateRun" || got[1].Name != "ListRuns" {
		t.Fatalf("operations are %+v", got)
	}
	create, list := got[0], got[1]
	if create.Calls != 400 || create.Errors["http 500"] != 200 || create.Errors["timeout"] != 200 {
		t.Errorf("CreateRun has %d calls, errors %v", create.Calls, create.Errors)
	}
	if create.Response.Count() != 200 || create.Response.Max() != 2*time.Millisecond {
		t.Errorf("unanswered calls have a latency: %d, %v", create.Response.Count(), create.Response.Max())
	}
	if list.Calls != 200 || list.Errors != nil || list.Response.Count() != 200 {
		t.Errorf("ListRuns has %d calls, errors %v, %d latencies", list.Calls, list.Errors, list.Response.Count())
	}
}

func TestOperationsAreCopies(t *testing.T) {
	var r Recorder
	r.Record(took("Healthz", "http 503", time.Millisecond))
	before := r.Operations()
	r.Record(took("Healthz", "http 503", time.Millisecond))
	if o := before[0]; o.Calls != 1 || o.Errors["http 503"] != 1 || o.Response.Count() != 1 {
		t.Errorf("an earlier copy changed: %+v", o)
	}
}

func TestMergeOfOperations(t *testing.T) {
	var left, right, both Recorder
	record := func(op, class string, d time.Duration, into ...*Recorder) {
		for _, r := range into {
			r.Record(took(op, class, d))
		}
	}
	record("ListRuns", "", time.Second, &left, &both)
	record("ListRuns", "http 503", time.Minute, &right, &both)
	record("CreateRun", "http 500", time.Millisecond, &right, &both)

	before := marshal(t, left.Operations())
	parts := left.Operations()
	if got, want := marshal(t, Merge(parts, right.Operations())), marshal(t, both.Operations()); got != want {
		t.Errorf("merged %s, want %s", got, want)
	}
	if after := marshal(t, parts); after != before {
		t.Errorf("merging changed its argument to %s", after)
	}
	if got := Merge(nil, nil); len(got) != 0 {
		t.Errorf("merging nothing gave %v", got)
	}
}

func marshal(t *testing.T, operations []Operation) string {
	t.Helper()
	text, err := json.Marshal(operations)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
