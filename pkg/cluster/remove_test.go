package cluster

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// forbidden is an answer that the user may not do something.
func forbidden() metav1.Status {
	return metav1.Status{Code: http.StatusForbidden, Reason: metav1.StatusReasonForbidden}
}

// deleted are the requests to delete something.
func (a *api) deleted() []string {
	return slices.DeleteFunc(slices.Clone(a.seen), func(seen string) bool { return !strings.HasPrefix(seen, "DELETE") })
}

func TestARunIsRemovedByItsID(t *testing.T) {
	a, c := newAPI(t)
	a.configMaps = []corev1.ConfigMap{{ObjectMeta: metav1.ObjectMeta{Name: "kfpperf-r-0"}}, {ObjectMeta: metav1.ObjectMeta{Name: "kfpperf-r-claim"}}}
	if err := c.Remove(t.Context(), "r"); err != nil {
		t.Fatal(err)
	}
	want := []string{"DELETE jobs/kfpperf-r", "DELETE configmaps/kfpperf-r-0", "DELETE configmaps/kfpperf-r-claim"}
	if !slices.Equal(a.deleted(), want) {
		t.Errorf("removed %q", a.deleted())
	}
}

func TestWithoutTheRightToListWhatTheJobOwnsGoesWithIt(t *testing.T) {
	a, c := newAPI(t)
	a.refusals["GET configmaps"] = forbidden()
	if err := c.Remove(t.Context(), "r"); err != nil || !slices.Equal(a.deleted(), []string{"DELETE jobs/kfpperf-r"}) {
		t.Errorf("%v, removed %q", err, a.deleted())
	}
	a.refusals["GET configmaps"] = metav1.Status{Code: http.StatusInternalServerError, Message: "etcd"}
	var left *LeftError
	if err := c.Remove(t.Context(), "r"); !errors.As(err, &left) || !strings.Contains(err.Error(), "etcd") {
		t.Errorf("error %v", err)
	}
}

func TestWhatCouldNotBeRemovedIsNamed(t *testing.T) {
	a, c := newAPI(t)
	a.configMaps = []corev1.ConfigMap{{ObjectMeta: metav1.ObjectMeta{Name: "kfpperf-r-0"}}}
	a.refusals["DELETE configmaps/kfpperf-r-0"] = forbidden()
	a.refusals["DELETE jobs/kfpperf-r"] = metav1.Status{Code: http.StatusNotFound, Reason: metav1.StatusReasonNotFound}
	var left *LeftError
	if err := c.Remove(t.Context(), "r"); !errors.As(err, &left) || !slices.Equal(left.Names, []string{"configmap/kfpperf-r-0"}) {
		t.Errorf("error %v", err)
	}
}

func TestReleaseNotesTheResultAndShortensTheJobsLife(t *testing.T) {
	a, c := newAPI(t)
	if err := c.Release(t.Context(), "r", "abc"); err != nil {
		t.Fatal(err)
	}
	want := `{"metadata":{"annotations":{"kfpperf.io/collected":"abc"}},"spec":{"ttlSecondsAfterFinished":15}}`
	if patch := a.bodies["PATCH jobs/kfpperf-r"]; patch != want {
		t.Errorf("patched with %s", patch)
	}
	a.refusals["PATCH jobs/kfpperf-r"] = forbidden()
	if err := c.Release(t.Context(), "r", "abc"); err != nil || a.count("DELETE jobs/kfpperf-r") != 1 {
		t.Errorf("%v, %q", err, a.seen)
	}
}
