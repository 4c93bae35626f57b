package metrics

import (
	"encoding/json"
	"sync"
	"testing"
	"time"
)

func TestRecorderCountsByOperationAndClass(t *testing.T) {
	var r Recorder
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			for range 25 {
				r.Record("ListRuns", "", time.Millisecond, true)
				r.Record("CreateRun", "http 500", 2*time.Millisecond, true)
				r.Record("CreateRun", "timeout", 30*time.Second, false)
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
	if create.Latency.Count() != 200 || create.Latency.Max() != 2*time.Millisecond {
		t.Errorf("unanswered calls have a latency: %d, %v", create.Latency.Count(), create.Latency.Max())
	}
	if list.Calls != 200 || list.Errors != nil || list.Latency.Count() != 200 {
		t.Errorf("ListRuns has %d calls, errors %v, %d latencies", list.Calls, list.Errors, list.Latency.Count())
	}
}

func TestOperationsAreCopies(t *testing.T) {
	var r Recorder
	r.Record("Healthz", "http 503", time.Millisecond, true)
	before := r.Operations()
	r.Record("Healthz", "http 503", time.Millisecond, true)
	if o := before[0]; o.Calls != 1 || o.Errors["http 503"] != 1 || o.Latency.Count() != 1 {
		t.Errorf("an earlier copy changed: %+v", o)
	}
}

func TestMergeOfOperations(t *testing.T) {
	var left, right, both Recorder
	record := func(op, class string, d time.Duration, into ...*Recorder) {
		for _, r := range into {
			r.Record(op, class, d, true)
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
