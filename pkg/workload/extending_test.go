package workload

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/test/inprocess"
)

func TestTheExampleOfThePageIsTheFile(t *testing.T) {
	page, err := os.ReadFile("../../docs/extending.md")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile("example_mode_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(page), "```go\n")
	if block, _, _ = strings.Cut(block, "```\n"); block != string(file) {
		t.Errorf("docs/extending.md shows\n%s\nand the file is\n%s", block, file)
	}
}

func TestTheExampleRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(sandbox.Options{Latency: map[string]sandbox.Latency{"": {Median: time.Millisecond}}})
		client, err := kfp.New(kfp.Config{BaseURL: "http://kfp.example.com", Transport: inprocess.Transport{Handler: server}})
		if err != nil {
			t.Fatal(err)
		}
		target := &Target{Client: client, RunID: "r", Started: time.Now(), Drain: time.Minute}
		spec := scenario.Entry{Mode: "EXPERIMENT_LOOKUP", RunTime: minutes(1), NumTimes: 30}
		e := newEntry(target, NewTracker(target, time.Second), 0, spec, nil, mode{prepare: experimentLookup, spread: evenly})
		e.Run(t.Context())
		if outcome := e.Result(0); outcome.Failure != "" || outcome.Counts != (result.Counts{Planned: 30, Succeeded: 30}) {
			t.Errorf("failure %q, counts %+v", outcome.Failure, outcome.Counts)
		}
		if took := time.Since(target.Started); took < 58*time.Second || took > time.Minute {
			t.Errorf("took %v", took)
		}
	})
}
