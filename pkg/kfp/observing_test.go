package kfp

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

func TestObserversOfClonesAreToldOfTheirOwnCalls(t *testing.T) {
	var connections atomic.Int32
	s := unstarted(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == runs {
			answers(http.StatusServiceUnavailable, "", "later")(w, r)
			return
		}
		ok(`{}`)(w, r)
	})
	s.Config.ConnState = countNew(&connections)
	s.Start()
	t.Cleanup(s.Close)
	var original, first, second witness
	client := to(t, s, Config{Observe: original.observe, Token: TokenFile(tokenFile(t, "secret"))})
	one, two := client.Observing(first.observe), client.Observing(second.observe)
	if _, err := client.Health(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := one.Fetch(t.Context(), Experiments, "e", ""); err != nil {
		t.Fatal(err)
	}
	failure(t, two.Scan(t.Context(), Runs, Query{}))
	for name, c := range map[string]struct {
		told             *witness
		operation, class string
	}{
		"original": {&original, "GetHealthz", ""}, "first": {&first, "GetExperiment", ""},
		"second": {&second, "ListRuns", "http 503"},
	} {
		if got := c.told.only(t); got.Operation != c.operation || got.Class != c.class {
			t.Errorf("the observer of the %s was told of %+v", name, got)
		}
	}
	if connections.Load() != 1 {
		t.Errorf("three clients took %d connections", connections.Load())
	}
	for _, r := range s.requests() {
		if want := (r.path != "/apis/v2beta1/healthz"); want != (r.header.Get("Authorization") == "Bearer secret") {
			t.Errorf("%s was sent with %v", r.path, r.header)
		}
	}
}

func TestClonesMayBeUsedAtTheSameTime(t *testing.T) {
	s := serve(t, ok(`{}`))
	client := to(t, s, Config{})
	told := make([]witness, 8)
	var group sync.WaitGroup
	for i := range told {
		group.Go(func() {
			clone := client.Observing(told[i].observe)
			for range 5 {
				if err := clone.Fetch(t.Context(), Runs, "r", ""); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	for i := range told {
		if len(told[i].calls) != 5 {
			t.Errorf("observer %d was told of %d calls", i, len(told[i].calls))
		}
	}
}

func TestAWatchIsToldWhoeverObserves(t *testing.T) {
	s := serve(t, ok(`{}`))
	var watched, first, second witness
	client := to(t, s, Config{}).Watching(watched.observe)
	one := client.Observing(first.observe)
	two := one.Observing(second.observe)
	for _, c := range []*Client{client, one, two, two} {
		if err := c.Fetch(t.Context(), Runs, "r", ""); err != nil {
			t.Fatal(err)
		}
	}
	if len(watched.calls) != 4 || len(first.calls) != 1 || len(second.calls) != 2 {
		t.Errorf("told of %d calls, the observers of %d and %d", len(watched.calls), len(first.calls), len(second.calls))
	}
}
