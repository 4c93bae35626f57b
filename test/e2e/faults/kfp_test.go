//go:build e2e && !multiuser

package faults

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// nothingInKFP asks KFP's server for whatever bears a run's id in its name.
func nothingInKFP(t *testing.T, runID string) {
	t.Helper()
	for _, kind := range []string{"runs", "recurringruns", "experiments", "pipelines"} {
		drive.Eventually(t, 10*time.Second, "no "+kind+" of "+runID+" in KFP", func() (bool, string) {
			total, served := inKFP(t, kind, runID)
			return total == 0, served
		})
	}
}

// inKFP counts what bears a part of a name.
func inKFP(t *testing.T, kind, part string) (total int, served string) {
	t.Helper()
	filter, err := json.Marshal(map[string]any{"predicates": []any{
		map[string]any{"key": "display_name", "operation": "IS_SUBSTRING", "string_value": part},
	}})
	if err != nil {
		t.Fatal(err)
	}
	served = drive.KFPGet(t, "/apis/v2beta1/"+kind+"?filter="+url.QueryEscape(string(filter)))
	var page struct {
		Total int `json:"total_size"`
	}
	if err := json.Unmarshal([]byte(served), &page); err != nil {
		t.Fatal(err)
	}
	return page.Total, served
}
