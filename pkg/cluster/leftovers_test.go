package cluster

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// objectOf is the head of something of a run's that was made so long ago.
func objectOf(id, name string, age time.Duration) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Name: name, Namespace: "ns", Labels: map[string]string{jobspec.RunLabel: id}, CreationTimestamp: metav1.NewTime(time.Now().Add(-age)),
	}
}

// hold has the API list objects.
func (a *api) hold(t *testing.T, jobs []batchv1.Job, configMaps []corev1.ConfigMap, pods []corev1.Pod) {
	t.Helper()
	a.raw, a.pods = map[string]string{}, [][]corev1.Pod{pods}
	for what, list := range map[string]any{"GET jobs": batchv1.JobList{Items: jobs}, "GET configmaps": corev1.ConfigMapList{Items: configMaps}} {
		text, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		a.raw[what] = string(text)
	}
}

func TestOnlyWhatNobodyNeedsIsLeftOver(t *testing.T) {
	a, c := newAPI(t)
	home := jobOf("home", "", batchv1.JobComplete)
	home.Annotations = map[string]string{jobspec.CollectedAnnotation: "abc"}
	var pods []corev1.Pod
	for id, record := range map[string]string{"alive": "", "home": "abc", "waiting": "abc", "broken": "none"} {
		runner, results := isRunning(), isRunning()
		if record != "" {
			commit := handoff.Commit{RunID: id, SHA256: record}
			if record == "none" {
				commit = handoff.Commit{RunID: id, Problem: &handoff.Problem{Cause: "KFP cannot be reached"}}
			}
			encoded, err := commit.Encode()
			if err != nil {
				t.Fatal(err)
			}
			runner = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{}}
			results = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Message: string(encoded)}}
		}
		pod := podIn(id+"-x", runner, results)
		pod.Namespace, pod.Labels = "ns", map[string]string{jobspec.RunLabel: id}
		pods = append(pods, pod)
	}
	a.hold(t, []batchv1.Job{
		jobOf("alive", ""), jobOf("waiting", "", batchv1.JobComplete), jobOf("lost", "", batchv1.JobFailed), home, jobOf("broken", "", batchv1.JobFailed),
	}, []corev1.ConfigMap{
		{ObjectMeta: objectOf("alive", "kfpperf-alive-0", time.Hour)}, {ObjectMeta: objectOf("home", "kfpperf-home-0", time.Second)},
		{ObjectMeta: objectOf("orphan", "kfpperf-orphan-0", time.Hour)}, {ObjectMeta: objectOf("orphan", "kfpperf-orphan-1", time.Hour)},
		{ObjectMeta: objectOf("launching", "kfpperf-launching-0", time.Second)}, {ObjectMeta: objectOf("", "somebody-elses", time.Hour)},
	}, pods)
	for _, test := range []struct {
		named, want []string
		present     map[string]string
	}{
		{
			nil, []string{"home: kfpperf-home kfpperf-home-0", "lost: kfpperf-lost", "orphan: kfpperf-orphan-0 kfpperf-orphan-1"},
			map[string]string{"alive": "it is under way", "waiting": "its result was not collected", "broken": "its pod tells why it has no result"},
		},
		{
			[]string{"lost", "broken", "alive", "launching", "absent"}, []string{"broken: kfpperf-broken", "launching: kfpperf-launching-0", "lost: kfpperf-lost"},
			map[string]string{"alive": "it is under way", "waiting": "its result was not collected"},
		},
	} {
		found, err := c.Leftovers(t.Context(), test.named...)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range found.Useless {
			got = append(got, strings.Join(strings.Fields(l.RunID+": "+l.Job+" "+strings.Join(l.ConfigMaps, " ")), " "))
		}
		if !slices.Equal(got, test.want) || !maps.Equal(found.Present, test.present) {
			t.Errorf("of %q: %q, want %q; present %q", test.named, got, test.want, found.Present)
		}
	}
}

func TestACopyOfALostResultIsNeeded(t *testing.T) {
	a, c := newAPI(t)
	_, parcel := large(t)
	commit := handoff.Commit{Protocol: handoff.Protocol, RunID: "lost"}.Carrying("passed", parcel)
	pod := insideOf(t, a)
	pod.RunID = "lost"
	if err := pod.Keep(t.Context(), commit, parcel); err != nil {
		t.Fatal(err)
	}
	a.hold(t, []batchv1.Job{jobOf("lost", "", batchv1.JobFailed)}, nil, nil)
	a.raw["GET configmaps/kfpperf-lost-result"] = a.bodies["POST configmaps"]
	for _, named := range [][]string{nil, {"lost"}} {
		found, err := c.Leftovers(t.Context(), named...)
		if err != nil || len(found.Useless) > 0 || found.Present["lost"] != "its result was not collected" {
			t.Errorf("%+v, %v", found, err)
		}
	}
}

func TestALeftoverIsRemovedAsItWasFound(t *testing.T) {
	a, c := newAPI(t)
	if err := c.RemoveLeftover(t.Context(), Leftover{RunID: "r", ConfigMaps: []string{"kfpperf-r-0"}}); err != nil {
		t.Fatal(err)
	}
	if a.count("DELETE configmaps/kfpperf-r-0") != 1 || len(a.seen) != 1 {
		t.Errorf("asked for %q", a.seen)
	}
	a.refusals["DELETE jobs/kfpperf-r"] = refusal(403, metav1.StatusReasonForbidden, "no")
	err := c.RemoveLeftover(t.Context(), Leftover{RunID: "r", Job: "kfpperf-r"})
	var left *LeftError
	if !errors.As(err, &left) || !slices.Equal(left.Names, []string{"job/kfpperf-r"}) {
		t.Errorf("%v", err)
	}
}

func TestLeftoversNeedTheRightToList(t *testing.T) {
	for what, cause := range map[string]string{
		"GET jobs": "you may not list jobs in namespace ns", "GET configmaps": "you may not list configmaps in namespace ns",
	} {
		a, c := newAPI(t)
		a.refusals[what] = refusal(403, metav1.StatusReasonForbidden, "no")
		_, err := c.Leftovers(t.Context())
		var problem *handoff.Problem
		if !errors.As(err, &problem) || problem.Cause != cause {
			t.Errorf("%s: %v", what, err)
		}
	}
}
