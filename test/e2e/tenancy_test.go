//go:build e2e && !multiuser

package e2e

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// A KFP without users does not separate namespaces; that Jobs are launched in all, share the work and are shown side by
// side does not depend on it.
func TestAScenarioOverTwoNamespacesHasAJobInEach(t *testing.T) {
	other := drive.NewNamespace(t)
	file := drive.ScenarioFile(t, "tenants.json", fmt.Sprintf(
		`[{"mode": "PIPELINE_RUN", "runTime": 1, "numTimes": 4, "pipelineFileName": "noop.yaml", "namespaces": [%q, %q]}]`, drive.UserNamespace, other))
	done := drive.Run(t, drive.UserNamespace, file, "-o", "json")
	done.Expect(t, drive.ExitDone, "in 2 namespaces", other+": job kfpperf-tenants-")
	var list result.List
	if err := json.Unmarshal([]byte(done.Stdout), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Items) != 2 || list.Verdict.Status != result.Passed || list.Fairness[0].JainIndex == nil {
		t.Fatalf("%d items, %+v, %+v", len(list.Items), list.Verdict, list.Fairness)
	}
	for i, d := range list.Items {
		e := d.Entries[0]
		if e.Counts != (result.Counts{Planned: 2, Succeeded: 2}) || e.Share.Index != i || d.Tenancy.Namespace != list.Namespaces[i] {
			t.Errorf("%+v of share %+v in %+v", e.Counts, e.Share, d.Tenancy)
		}
		if !strings.HasPrefix(d.RunID, list.RunID+"-") {
			t.Errorf("run %s of %s", d.RunID, list.RunID)
		}
		drive.NothingIsLeft(t, d.Tenancy.Namespace, d.RunID)
	}
	if files, err := filepath.Glob(filepath.Join(done.Dir, "kfpperf-*.json")); err != nil || len(files) != 2 {
		t.Errorf("%q, %v", files, err)
	}
}

func TestNothingStaysOfAScenarioWhoseSecondNamespaceIsMissing(t *testing.T) {
	file := drive.ScenarioFile(t, "tenants.json", fmt.Sprintf(
		`[{"mode": "PIPELINE_RUN", "runTime": 1, "numTimes": 2, "pipelineFileName": "noop.yaml", "namespaces": [%q, "no-such-namespace"]}]`, drive.UserNamespace))
	done := drive.Run(t, drive.UserNamespace, file)
	done.Expect(t, drive.ExitNoStart, "no-such-namespace")
	drive.NothingIsLeft(t, drive.UserNamespace, done.RunID(t)+"-1")
}
