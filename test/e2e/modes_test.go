//go:build e2e && !multiuser

package e2e

import (
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// Each entry ends well before its runTime would cut it off, but for the reads, which fill theirs.
const everyShape = `{
  "name": "shapes", "seed": 7,
  "scenarios": [
    {"mode": "PIPELINE_RUN", "runTime": "1m", "numTimes": 12, "pipelineFileName": "noop.yaml",
     "load": {"inFlight": 3}, "warmUp": 2, "name": "clients", "labels": {"team": "ml"}},
    {"mode": "EXPERIMENT", "runTime": "8s", "pipelineFileName": "noop.yaml",
     "load": {"stages": [{"for": "4s", "rate": "2/s"}, {"for": "4s", "rate": "0/s"}]}},
    {"mode": "RANDOM_GETS", "startTime": "4s", "runTime": "10s",
     "load": {"rate": "20/s", "arrivals": "poisson", "maxInFlight": 50},
     "reads": {"pageSizes": [5, 200], "pageDepths": [1, 3],
       "weights": {"ListPipelines": 1, "ListPipelineVersions": 1, "ListExperiments": 1, "ListRuns": 2,
         "GetPipeline": 1, "GetPipelineVersion": 1, "GetExperiment": 1, "GetRun": 1, "ListRecurringRuns": 1}}},
    {"mode": "PIPELINE_UPLOAD", "runTime": "10s", "numTimes": 5, "pipelineFileName": "noop.yaml"},
    {"mode": "PIPELINE_UPLOAD", "runTime": "10s", "numTimes": 4, "pipelineFileName": "noop.yaml",
     "as": "versions", "padTo": 200000}
  ],
  "thresholds": ["runs.success >= 99%", "api.GetRun.errors == 0"]
}`

func TestLoadsReadsAndUploads(t *testing.T) {
	done := drive.Run(t, drive.UserNamespace, drive.ScenarioFile(t, "shapes.json", everyShape), "--keep", "all")
	done.Expect(t, drive.ExitDone, "clients", "✓ runs.success >= 99%", "✓ api.GetRun.errors == 0")
	entries := done.Result(t).Entries

	clients, stages := entries[0], entries[1]
	if clients.Counts != (result.Counts{Planned: 10, Succeeded: 10}) || clients.WarmUp.Counts.Succeeded != 2 {
		t.Errorf("the clients: %+v after a warm-up of %+v", clients.Counts, clients.WarmUp)
	}
	if clients.Labels["team"] != "ml" {
		t.Errorf("labels %v", clients.Labels)
	}
	if stages.Counts != (result.Counts{Planned: 8, Succeeded: 8}) {
		t.Errorf("stages whose rate has the integral 8: %+v", stages.Counts)
	}
	if listed := runsOfExperiment(t, stages.ExperimentID); len(listed) != 8 {
		t.Errorf("the server lists %d runs of the stages", len(listed))
	}

	reads := entries[2]
	if n := reads.Counts.Planned; n < 140 || n > 260 || reads.Counts.Succeeded != n {
		t.Errorf("reads at 20/s for 10 s: %+v", reads.Counts)
	}
	var operations []string
	for _, o := range reads.API {
		operations = append(operations, o.Name)
	}
	want := "GetExperiment GetPipeline GetPipelineVersion GetRun ListExperiments ListPipelineVersions ListPipelines ListRuns"
	if got := strings.Join(operations, " "); strings.Replace(got, " ListRecurringRuns", "", 1) != want {
		t.Errorf("read by %s", got)
	}

	pipelines, versions := entries[3], entries[4]
	if pipelines.Counts != (result.Counts{Planned: 5, Succeeded: 5}) || versions.Counts != (result.Counts{Planned: 4, Succeeded: 4}) {
		t.Errorf("uploads: %+v and %+v", pipelines.Counts, versions.Counts)
	}
	if n := listed(t, "/pipelines", done.RunID(t)+"-4-"); n != 5 {
		t.Errorf("the server lists %d pipelines of the fourth entry", n)
	}
	if n := listed(t, "/pipelines/"+versions.PipelineID+"/versions", "-5-"); n != 5 {
		t.Errorf("the server lists %d versions of the fifth entry's pipeline, want the first and 4 more", n)
	}
}
