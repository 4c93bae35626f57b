package cli

import (
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/workload"
)

func TestDeletionText(t *testing.T) {
	const told = " things are deleted from KFP: "
	const rate = " at the 5 calls a second that a multi-user KFP as shipped lets through"
	for name, test := range map[string]struct {
		footprint   workload.Footprint
		keep        result.Keep
		text, doubt string
	}{
		"little": {workload.Footprint{Things: result.Things{Runs: 25}}, result.KeepFailed, "", ""},
		"much":   {workload.Footprint{Things: result.Things{Runs: 300}}, result.KeepFailed, "in the end up to 300" + told + "1 min" + rate, ""},
		"nobody knows how much": {
			workload.Footprint{Things: result.Things{Runs: 50}, AtLeast: true}, result.KeepNone, "in the end more than 50" + told + "10 s" + rate, "",
		},
		"too much": {
			workload.Footprint{Things: result.Things{Runs: 3000}}, result.KeepFailed, "in the end up to 3000" + told + "10 min" + rate,
			"the deleting may take longer than --cleanup-timeout 2m0s; what is left then is named, and `kubectl kfpperf cleanup` removes it",
		},
		"nothing is deleted": {workload.Footprint{Things: result.Things{Runs: 3000}}, result.KeepAll, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := newKFPOptions("http://kfp.example.com")
			o.keep, o.cleanupTimeout = string(test.keep), 2*time.Minute
			if text, doubt := deletionText(test.footprint, o); text != test.text || doubt != test.doubt {
				t.Errorf("says\n%q and %q, want\n%q and %q", text, doubt, test.text, test.doubt)
			}
		})
	}
}
