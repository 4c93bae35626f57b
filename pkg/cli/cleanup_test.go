package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/worker"
)

// cleanJob returns what the worker that cleaned was told, beside where KFP is.
func (a *jobsAPI) cleanJob(t *testing.T) []string {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, job := range a.jobs {
		if !strings.HasPrefix(id, "clean-") {
			continue
		}
		for _, container := range job.Spec.Template.Spec.Containers {
			if container.Name == handoff.RunnerContainer {
				return slices.DeleteFunc(container.Args, func(arg string) bool {
					return strings.HasPrefix(arg, "--kfp") || strings.HasPrefix(arg, "--drain") || strings.HasPrefix(arg, "--keep") || strings.HasPrefix(arg, "--log-level")
				})
			}
		}
	}
	return nil
}

// theirs are the things of a run that a worker cleans: one deleted, and others that may be left.
func theirs(id string, left int) worker.Cleaned {
	c := worker.Cleaned{RunID: id, Things: []result.Thing{{Kind: result.RunThing, ID: "1", Name: id + "-1-1"}}, Cleanup: &result.Cleanup{LeftTotal: left}}
	if left > 0 {
		c.Cleanup.Reason = "KFP does not want to"
	}
	return c
}

func TestCleanupInACluster(t *testing.T) {
	for name, test := range map[string]struct {
		args    []string
		arrange func(*jobsAPI)
		code    exitCode
		worker  []string
		stdout  []string
		stderr  string
	}{
		"all": {
			nil, func(a *jobsAPI) { a.cleaned = []worker.Cleaned{theirs("gone-2", 0)} },
			exitDone, []string{"--all-but=ended-2"},
			[]string{"job/kfpperf-home-2", "configmap/kfpperf-home-2-0", "run/gone-2-1-1"}, "",
		},
		"a dry run": {
			[]string{"--dry-run"}, func(a *jobsAPI) { a.cleaned = []worker.Cleaned{theirs("gone-2", 0)} },
			exitDone, []string{"--all-but=ended-2", "--dry-run"},
			[]string{"job/kfpperf-home-2 (dry run)", "configmap/kfpperf-home-2-0 (dry run)", "run/gone-2-1-1 (dry run)"}, "",
		},
		"some that are named": {
			[]string{"gone-2", "home-2"}, func(a *jobsAPI) { a.cleaned = []worker.Cleaned{theirs("gone-2", 0)} },
			exitDone, []string{"--run=gone-2,home-2"},
			[]string{"job/kfpperf-home-2", "configmap/kfpperf-home-2-0", "run/gone-2-1-1"}, "",
		},
		"more than is named": {
			[]string{"gone-2"}, func(a *jobsAPI) {
				a.cleaned = []worker.Cleaned{theirs("gone-2", 0)}
				a.cleaned[0].More = 12
			},
			exitDone, []string{"--run=gone-2"}, []string{"run/gone-2-1-1"}, "and 12 more things of run gone-2",
		},
		"one whose result was not collected": {
			[]string{"ended-2"}, func(*jobsAPI) {}, exitLeft, nil, nil, "run ended-2 was left alone: its result was not collected",
		},
		"and another": {
			[]string{"ended-2", "gone-2"}, func(a *jobsAPI) { a.cleaned = []worker.Cleaned{theirs("gone-2", 0)} },
			exitLeft, []string{"--run=gone-2"}, []string{"run/gone-2-1-1"}, "run ended-2 was left alone",
		},
		"KFP keeps something": {
			[]string{"gone-2"}, func(a *jobsAPI) { a.cleaned = []worker.Cleaned{theirs("gone-2", 3)} },
			exitLeft, []string{"--run=gone-2"}, []string{"run/gone-2-1-1"}, "run gone-2: 3 things are left in KFP: KFP does not want to",
		},
		"one that may be under way": {
			nil, func(a *jobsAPI) { a.cleaned = []worker.Cleaned{{RunID: "busy-2", Spared: "it may be under way"}} },
			exitDone, []string{"--all-but=ended-2"}, []string{"job/kfpperf-home-2", "configmap/kfpperf-home-2-0"}, "kubectl kfpperf cleanup busy-2",
		},
		"the worker cannot work": {
			[]string{"gone-2"}, func(a *jobsAPI) {
				a.problems = map[string]*handoff.Problem{"home": {Cause: "KFP cannot be reached"}}
			},
			exitNoStart, []string{"--run=gone-2"}, nil, "KFP cannot be reached",
		},
		"the Job stays": {
			[]string{"gone-2"}, func(a *jobsAPI) {
				a.cleaned, a.refused = []worker.Cleaned{theirs("gone-2", 0)}, []string{"DELETE home/jobs"}
			},
			exitLeft, []string{"--run=gone-2"}, []string{"run/gone-2-1-1"}, "could not remove job/kfpperf-clean-",
		},
		"nobody may list": {
			nil, func(a *jobsAPI) { a.refused = []string{"GET home/jobs"} }, exitNoStart, nil, nil, "you may not list jobs in namespace home",
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newJobsAPI(t)
			a.atHome(t, "[]")
			a.add("home", "home-2", "").Annotations[jobspec.CollectedAnnotation] = "abc"
			a.add("home", "ended-2", "")
			test.arrange(a)
			code, stdout, stderr := a.call(t.Context(), interrupts, append([]string{"cleanup"}, test.args...)...)
			if code != test.code || !strings.Contains(stderr, test.stderr) {
				t.Errorf("exit %d, want %d; said %s", code, test.code, stderr)
			}
			if got := strings.FieldsFunc(stdout, func(r rune) bool { return r == '\n' }); !slices.Equal(got, test.stdout) {
				t.Errorf("printed %q, want %q", got, test.stdout)
			}
			told := a.cleanJob(t)
			want := append([]string{"worker", "clean", "--cleanup-timeout=5m0s"}, test.worker...)
			if test.worker == nil && told != nil || test.worker != nil && !slices.Equal(told, want) {
				t.Errorf("the worker was told %q, want %q", told, want)
			}
			if deleted := a.saw("DELETE"); slices.Contains(test.args, "--dry-run") && slices.Contains(deleted, "DELETE home/jobs/kfpperf-home-2") {
				t.Errorf("a dry run deleted %q", deleted)
			}
		})
	}
}

func TestDeleteRemovesFromKFPToo(t *testing.T) {
	for name, test := range map[string]struct {
		left int
		code exitCode
	}{"all": {0, exitDone}, "but for what stays": {2, exitLeft}} {
		t.Run(name, func(t *testing.T) {
			a := newJobsAPI(t)
			a.atHome(t, "[]")
			a.add("home", "ended-2", "")
			a.cleaned = []worker.Cleaned{theirs("ended-2", test.left)}
			stdout, stderr := a.verb(t, test.code, "delete", "ended-2", "--force", "--kfp")
			if stdout != "run/ended-2-1-1\n" || !strings.Contains(stderr, "run ended-2 was removed") {
				t.Errorf("printed %q, said %s", stdout, stderr)
			}
			if told := a.cleanJob(t); !slices.Contains(told, "--run=ended-2") {
				t.Errorf("the worker was told %q", told)
			}
		})
	}
}
