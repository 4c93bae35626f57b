package cli

import (
	"context"
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

const ofTwo = `[{"mode": "PIPELINE_RUN", "runTime": 1, "numTimes": 4, "pipelineFileName": "noop.yaml", "namespaces": ["a", "b"]}]`

// resources are what requests are about, without the names, which begin with a run id.
func resources(seen []string) []string {
	short := make([]string, len(seen))
	for i, what := range seen {
		short[i] = regexp.MustCompile(`/(jobs|configmaps|pods)/[^/]*$`).ReplaceAllString(what, "/$1")
	}
	return short
}

func says(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !regexp.MustCompile("(?m)" + want).MatchString(text) {
			t.Errorf("nothing says %q in\n%s", want, text)
		}
	}
}

func written(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("kfpperf-*.json")
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestARunInTwoNamespacesHasAJobInEach(t *testing.T) {
	a := newJobsAPI(t)
	code, stdout, stderr := a.inCluster(t.Context(), t, ofTwo)
	if code != exitDone {
		t.Fatalf("exit %d\n%s", code, stderr)
	}
	says(t, stderr, `^run tenants-[2-9a-z]{6} in 2 namespaces \(a, b\) · 1 entry`, `^✓ checks passed \(\d+, in `,
		`^✓ a: job kfpperf-tenants-.*-1 created · pod running on node-of-a after `, `^  00:00  #1 PIPELINE_RUN b  2/2 done$`)
	says(t, stdout, `^✓ run tenants-[2-9a-z]{6} passed in 2 namespaces after 1 min: 4 of 4 runs succeeded$`, `^  they started 0 s apart$`,
		`^    2/s succeeded in each$`, `^  result  kfpperf-tenants-.*-2.json  b$`)
	if files := written(t); len(files) != 2 {
		t.Errorf("%q", files)
	}
	created := []string{"POST a/configmaps", "POST a/jobs", "POST b/configmaps", "POST b/jobs"}
	posted := slices.DeleteFunc(a.saw("POST"), func(what string) bool { return strings.HasSuffix(what, "/pods") })
	if !slices.Equal(posted, created) {
		t.Errorf("created %q", posted)
	}
	lastJob, firstPod := slices.Index(a.seen, "POST b/jobs"), slices.IndexFunc(a.seen, func(s string) bool { return s == "GET a/pods" || s == "GET b/pods" })
	if firstPod < lastJob {
		t.Error("a pod was waited for before all Jobs were there")
	}
	for id, job := range a.jobs {
		stem, place, _ := strings.Cut(id[len("tenants-"):], "-")
		if job.Labels[jobspec.GroupLabel] != "tenants-"+stem || job.Namespace != map[string]string{"1": "a", "2": "b"}[place] {
			t.Errorf("job %s in %s has labels %v", id, job.Namespace, job.Labels)
		}
	}
	if released := resources(a.saw("PATCH")); !slices.Contains(released, "PATCH a/jobs") || !slices.Contains(released, "PATCH b/jobs") {
		t.Errorf("released %q", released)
	}
}

func TestARunWithoutNamespacesIsOneJob(t *testing.T) {
	a := newJobsAPI(t)
	code, stdout, stderr := a.inCluster(t.Context(), t, strings.Replace(ofTwo, `, "namespaces": ["a", "b"]`, "", 1), "-n", "a")
	if code != exitDone || len(a.jobs) != 1 || len(written(t)) != 1 {
		t.Fatalf("exit %d, %d jobs\n%s", code, len(a.jobs), stderr)
	}
	says(t, stderr, `^run tenants-[2-9a-z]{6} in a · 1 entry`, `^✓ job kfpperf-tenants-[2-9a-z]{6} created · pod running on node-of-a after `)
	says(t, stdout, `^✓ run tenants-[2-9a-z]{6} passed after 1 min`)
	for id, job := range a.jobs {
		if _, grouped := job.Labels[jobspec.GroupLabel]; grouped || strings.Count(id, "-") != 1 {
			t.Errorf("job %s has labels %v", id, job.Labels)
		}
	}
}

func TestHomeIsAmongTheNamespacesWhereAnEntryNeedsIt(t *testing.T) {
	a := newJobsAPI(t)
	code, _, stderr := a.inCluster(t.Context(), t, ofTwo[:len(ofTwo)-1]+`, {"mode": "RANDOM_GETS", "runTime": 1}]`)
	var namespaces []string
	for _, job := range a.jobs {
		namespaces = append(namespaces, job.Namespace)
	}
	slices.Sort(namespaces)
	if code != exitDone || !slices.Equal(namespaces, []string{"a", "b", "home"}) {
		t.Errorf("exit %d, jobs in %q\n%s", code, namespaces, stderr)
	}
}

func TestNothingStaysWhereOneNamespaceCannotStart(t *testing.T) {
	for name, test := range map[string]struct {
		refused, unpullable []string
		created, removed    int
		says                string
	}{
		"by the checks":   {[]string{"POST b/pods"}, nil, 0, 0, `^✗ b: the quota of namespace b is too small for the pod \(.*exceeded quota in b`},
		"when it is made": {[]string{"POST b/jobs"}, nil, 1, 3, `^  The jobs that were made before were removed\.\n✗ b: the quota of namespace b`},
		"by its image":    {nil, []string{"b"}, 2, 4, `^✗ b: "" is no image name`},
		"by all images":   {nil, []string{"a", "b"}, 2, 4, `no image name(?s:.*)  Nothing was left in 2 namespaces \(a, b\)\.`},
	} {
		t.Run(name, func(t *testing.T) {
			a := newJobsAPI(t)
			a.refused, a.unpullable = test.refused, test.unpullable
			code, stdout, stderr := a.inCluster(t.Context(), t, ofTwo)
			if code != exitNoStart || stdout != "" || len(a.jobs) != test.created || len(a.saw("DELETE")) != test.removed {
				t.Errorf("exit %d, %d jobs, removed %q, stdout %q", code, len(a.jobs), a.saw("DELETE"), stdout)
			}
			says(t, stderr, test.says)
			if len(written(t)) > 0 {
				t.Error("a result was written")
			}
		})
	}
}

func TestTheResultsOfTheOthersAreShown(t *testing.T) {
	a := newJobsAPI(t)
	a.problems = map[string]*handoff.Problem{"b": {Cause: "the account may not use KFP", Evidence: "403"}}
	code, stdout, stderr := a.inCluster(t.Context(), t, ofTwo, "-o", "json")
	if code != exitNoStart || len(written(t)) != 1 {
		t.Errorf("exit %d, wrote %q", code, written(t))
	}
	says(t, stderr, `^✗ b: the account may not use KFP \(403\)$`, `^  Nothing was left in b\.$`)
	var list result.List
	if err := json.Unmarshal([]byte(stdout), &list); err != nil {
		t.Fatalf("%v in\n%s", err, stdout)
	}
	if len(list.Items) != 1 || list.Missing[0] != (result.Missing{Namespace: "b", Why: "the account may not use KFP (403)"}) {
		t.Errorf("%+v", list)
	}
	if removed := resources(a.saw("DELETE")); !slices.Equal(removed, []string{"DELETE b/jobs", "DELETE b/configmaps"}) {
		t.Errorf("removed %q", removed)
	}
}

func TestTheExitCodeIsTheWorst(t *testing.T) {
	a := newJobsAPI(t)
	a.failing = []string{"b"}
	if code, stdout, _ := a.inCluster(t.Context(), t, ofTwo); code != exitThreshold || !strings.Contains(stdout, "b: it took too long") {
		t.Errorf("exit %d\n%s", code, stdout)
	}
	a = newJobsAPI(t)
	a.refused = []string{"PATCH a/jobs", "DELETE a/jobs"}
	code, stdout, stderr := a.inCluster(t.Context(), t, ofTwo)
	if code != exitLeft || !strings.Contains(stdout, "passed in 2 namespaces") {
		t.Errorf("exit %d\n%s", code, stdout)
	}
	says(t, stderr, `^✗ a: could not remove job/kfpperf-tenants-.*-1: `, `^  remove it with: kubectl kfpperf delete tenants-.*-1 -n a .*--force$`)
}

func TestAnInterruptLeavesAllJobsAlone(t *testing.T) {
	a := newJobsAPI(t)
	ctx, interrupt := context.WithCancel(t.Context())
	var both sync.WaitGroup
	both.Add(2)
	a.follow = func() {
		both.Done()
		both.Wait()
		interrupt()
	}
	code, stdout, stderr := a.inCluster(ctx, t, ofTwo, "--on-interrupt", "detach")
	if code != exitDetached || stdout != "" || len(a.saw("DELETE")) > 0 {
		t.Errorf("exit %d, removed %q, stdout %q", code, a.saw("DELETE"), stdout)
	}
	says(t, stderr, `^detached; the run goes on$`, `^  come back with: kubectl kfpperf attach tenants-.*-1 -n a --kubeconfig='kubeconfig'$`,
		`^  stop it with: kubectl kfpperf cancel tenants-.*-2 -n b --kubeconfig='kubeconfig'$`)
}
