//go:build e2e && multiuser && slow

package e2e

import (
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// TestARunOutlivesItsToken has a Job's token live for 10 minutes, the least that the API server issues, and the run for
// 14. KFP takes a token for about a minute after its end, so the last two minutes need one that was renewed.
func TestARunOutlivesItsToken(t *testing.T) {
	file := patchFile(t, `spec:
  volumes:
    - name: kfp-token
      projected:
        sources:
          - serviceAccountToken: {audience: pipelines.kubeflow.org, expirationSeconds: 600, path: token}
`)
	scenario := drive.ScenarioFile(t, "long.json", `[{"mode": "RANDOM_GETS", "runTime": "14m", "load": {"rate": "2/s"},
		"reads": {"weights": {"ListRuns": 1, "ListExperiments": 1}}}]`)
	done := drive.Run(t, drive.UserNamespace, scenario, "--pod-patch", file)
	done.Expect(t, drive.ExitDone)
	document := done.Result(t)
	entry := document.Entries[0]
	if lasted := document.Finished.Sub(document.Started); lasted < 13*time.Minute {
		t.Errorf("the run lasted %s", lasted)
	}
	if entry.Counts.Planned < 1600 || entry.Counts.Succeeded != entry.Counts.Planned {
		t.Errorf("counts %+v", entry.Counts)
	}
}
