package result

import (
	"reflect"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

func TestJudge(t *testing.T) {
	good := Entry{Mode: scenario.PipelineRun, Pipeline: "noop.yaml", Counts: Counts{Planned: 2, Succeeded: 2}}
	for _, test := range []struct {
		name        string
		interrupted bool
		entries     []Entry
		want        Verdict
	}{
		{"all succeeded", false, []Entry{good}, Verdict{Status: Passed}},
		{
			"some succeeded", false,
			[]Entry{{Counts: Counts{Planned: 4, Succeeded: 1, Failed: 1, Errors: 1, NotStarted: 1}}},
			Verdict{Status: Passed},
		},
		{
			"an entry failed, another succeeded", false,
			[]Entry{good, {Index: 1, Mode: scenario.Experiment, Failure: "no experiment", Counts: Counts{Planned: 1, NotStarted: 1}}},
			Verdict{Failed, []string{"entry 2 (EXPERIMENT): no experiment"}},
		},
		{
			"nothing succeeded", false,
			[]Entry{{Mode: scenario.PipelineRun, Pipeline: "a.yaml", Counts: Counts{Planned: 10, Failed: 1, Errors: 2, Unfinished: 3, NotStarted: 4}}},
			Verdict{Failed, []string{"entry 1 (PIPELINE_RUN a.yaml): none of its 10 runs succeeded (1 failed, 2 not created, 3 unfinished, 4 not started)"}},
		},
		{
			"all unfinished", false,
			[]Entry{{Mode: scenario.PipelineRun, Counts: Counts{Planned: 2, Unfinished: 2}}},
			Verdict{Failed, []string{"entry 1 (PIPELINE_RUN): none of its 2 runs succeeded (2 unfinished)"}},
		},
		{
			"nothing started", false,
			[]Entry{{Mode: scenario.PipelineRun, Counts: Counts{Planned: 2, NotStarted: 2}}},
			Verdict{Failed, []string{"entry 1 (PIPELINE_RUN): none of its 2 runs could start within its runTime"}},
		},
		{
			"interrupted", true,
			[]Entry{good, {Index: 1, Mode: scenario.PipelineRun, Counts: Counts{Planned: 2, NotStarted: 2}}},
			Verdict{Invalid, []string{"the run was interrupted before its scenario ended"}},
		},
		{
			"interrupted after a failure", true,
			[]Entry{good, {Index: 1, Mode: scenario.PipelineRun, Failure: "refused"}},
			Verdict{Invalid, []string{"the run was interrupted before its scenario ended", "entry 2 (PIPELINE_RUN): refused"}},
		},
	} {
		got := Judge(&Document{Interrupted: test.interrupted, Entries: test.entries})
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}
