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

func objectOf(id, name string, age time.Duration) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Labels: map[string]string{jobspec.RunLabel: id}, CreationTimestamp: metav1.NewTime(time.Now().Add(-age))}
}

// jobOf is a run's Job, an hour old, with a condition and a life after its end, in seconds.
func jobOf(id string, ended batchv1.JobConditionType, life int32) batchv1.Job {
	job := batchv1.Job{ObjectMeta: objectOf(id, jobspec.JobName(id), time.Hour), Spec: batchv1.JobSpec{TTLSecondsAfterFinished: &life}}
	if ended != "" {
		job.Status.Conditions = []batchv1.JobCondition{{Type: ended, Status: corev1.ConditionTrue}}
	}
	return job
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
	taken := corev1.Pod{ObjectMeta: objectOf("taken", "taken-x", time.Hour)}
	taken.Annotations = map[string]string{handoff.CollectAnnotation: string(handoff.CollectDone)}
	a.hold(t, []batchv1.Job{
		jobOf("alive", "", 86400), jobOf("waiting", batchv1.JobComplete, 86400), jobOf("lost", batchv1.JobFailed, 86400),
		jobOf("home", batchv1.JobComplete, afterCollection), jobOf("taken", batchv1.JobComplete, 86400),
	}, []corev1.ConfigMap{
		{ObjectMeta: objectOf("alive", "kfpperf-alive-0", time.Hour)}, {ObjectMeta: objectOf("home", "kfpperf-home-0", time.Hour)},
		{ObjectMeta: objectOf("orphan", "kfpperf-orphan-0", time.Hour)}, {ObjectMeta: objectOf("orphan", "kfpperf-orphan-1", time.Hour)},
		{ObjectMeta: objectOf("launching", "kfpperf-launching-0", time.Second)}, {ObjectMeta: objectOf("", "somebody-elses", time.Hour)},
	}, []corev1.Pod{
		{ObjectMeta: objectOf("alive", "alive-x", time.Hour)}, {ObjectMeta: objectOf("waiting", "waiting-x", time.Hour)},
		{ObjectMeta: objectOf("home", "home-x", time.Hour)}, taken,
	})
	for _, test := range []struct {
		named, want []string
	}{
		{nil, []string{"home: job kfpperf-home-0", "lost: job", "orphan: kfpperf-orphan-0 kfpperf-orphan-1", "taken: job"}},
		{[]string{"lost", "alive", "launching", "absent"}, []string{"launching: kfpperf-launching-0", "lost: job"}},
	} {
		found, err := c.Leftovers(t.Context(), test.named...)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range found.Useless {
			words := []string{l.RunID + ":"}
			if l.Objects.Job != nil {
				words = append(words, "job")
			}
			for _, configMap := range l.Objects.ConfigMaps {
				words = append(words, configMap.Name)
			}
			got = append(got, strings.Join(words, " "))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("of %q: %q, want %q", test.named, got, test.want)
		}
		want := map[string]string{"alive": "it is under way", "waiting": "its result was not collected"}
		if !maps.Equal(found.Present, want) {
			t.Errorf("present %q", found.Present)
		}
	}
}

func TestWhoMayNotListIsTold(t *testing.T) {
	for what, cause := range map[string]string{
		"GET jobs": "Jobs in namespace ns cannot be listed", "GET configmaps": "ConfigMaps in namespace ns cannot be listed",
		"GET pods": "pods in namespace ns cannot be listed",
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
