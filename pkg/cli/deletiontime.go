package cli

import (
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/report"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/pkg/workload"
)

// noticeable is how long the deleting may take without being announced.
const noticeable = 5 * time.Second

// announceDeletion tells before a run how long the deleting after it may take, where people will notice.
func (o *runOptions) announceDeletion(document *scenario.Document) {
	if o.sandbox { // which lets everything through
		return
	}
	text, doubt := deletionText(workload.FootprintOf(document), o.kfp)
	if text != "" {
		o.console.note("  %s", text)
	}
	if doubt != "" {
		o.console.warn("%s", doubt)
	}
}

// deletionText says how much there may be to delete and how long that takes, and that it will not be done in time;
// each is empty where there is nothing to say.
func deletionText(f workload.Footprint, o kfpOptions) (text, doubt string) {
	took := f.DeletionTime()
	if o.keep == string(result.KeepAll) || took <= noticeable {
		return "", ""
	}
	atMost := "up to "
	if f.AtLeast {
		atMost = "more than "
	}
	text = fmt.Sprintf("in the end %s%d things are deleted from KFP: %s at the 5 calls a second that a multi-user KFP as shipped lets through",
		atMost, f.Total(), report.Duration(took))
	if took > o.cleanupTimeout {
		doubt = fmt.Sprintf("the deleting may take longer than --%s %s; what is left then is named, and `kubectl kfpperf cleanup` removes it",
			flagCleanupTimeout, o.cleanupTimeout)
	}
	return text, doubt
}
