package cluster

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func objects() *jobspec.Objects {
	return &jobspec.Objects{
		ConfigMaps: []*corev1.ConfigMap{
			{ObjectMeta: metav1.ObjectMeta{Name: "kfpperf-r-0"}}, {ObjectMeta: metav1.ObjectMeta{Name: "kfpperf-r-1"}},
		},
		Job: &batchv1.Job{
			ObjectMeta: metav1.ObjectMeta{Name: "kfpperf-r", UID: "job-uid"},
			Spec:       batchv1.JobSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{ServiceAccountName: "default"}}},
		},
	}
}

func TestLaunchMakesTheJobTheOwnerOfAll(t *testing.T) {
	a, c := newAPI(t)
	if err := c.Launch(t.Context(), objects()); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"POST configmaps", "POST configmaps", "POST jobs", "PATCH configmaps/kfpperf-r-0", "PATCH configmaps/kfpperf-r-1",
	}
	if !slices.Equal(a.seen, want) {
		t.Errorf("requests %q", a.seen)
	}
	if patch := a.bodies["PATCH configmaps/kfpperf-r-1"]; !strings.Contains(patch, `"uid":"job-uid"`) {
		t.Errorf("patched with %s", patch)
	}
}

func TestALaunchThatFailsLeavesNothing(t *testing.T) {
	for _, test := range []struct {
		request string
		status  metav1.Status
		removed []string
		want    string
	}{
		{"POST configmaps", metav1.Status{Code: http.StatusForbidden, Reason: metav1.StatusReasonForbidden, Message: "exceeded quota"},
			nil, "exceeded quota"},
		{"POST configmaps", metav1.Status{Code: http.StatusNotFound, Reason: metav1.StatusReasonNotFound, Message: "no ns"}, nil, "not found"},
		{"POST jobs", metav1.Status{Code: http.StatusConflict, Reason: metav1.StatusReasonAlreadyExists, Message: "there"},
			[]string{"DELETE configmaps/kfpperf-r-0", "DELETE configmaps/kfpperf-r-1"}, "exists already"},
		{"PATCH configmaps/kfpperf-r-1", metav1.Status{Code: http.StatusInternalServerError, Message: "etcd"},
			[]string{"DELETE jobs/kfpperf-r", "DELETE configmaps/kfpperf-r-0", "DELETE configmaps/kfpperf-r-1"}, "etcd"},
	} {
		t.Run(test.request+" "+test.want, func(t *testing.T) {
			a, c := newAPI(t)
			a.refusals[test.request] = test.status
			err := c.Launch(t.Context(), objects())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v", err)
			}
			if exists := errors.Is(err, ErrExists); exists != (test.want == "exists already") {
				t.Errorf("ErrExists is %v", exists)
			}
			removed := slices.DeleteFunc(slices.Clone(a.seen), func(seen string) bool { return !strings.HasPrefix(seen, "DELETE") })
			if !slices.Equal(removed, test.removed) {
				t.Errorf("removed %q, want %q", removed, test.removed)
			}
		})
	}
}

func TestTheAccountIsTheProfilesWhereThereIsOne(t *testing.T) {
	a, c := newAPI(t)
	const absent, denied = metav1.StatusReasonNotFound, metav1.StatusReasonForbidden
	for _, test := range []struct {
		code        int32
		reason, own metav1.StatusReason
		want        string
	}{
		{0, "", "", "default-editor"}, {404, absent, "", "kfpperf"}, {404, absent, absent, "default"},
		{403, denied, denied, "default"}, {500, "", "", ""},
	} {
		if test.code != 0 {
			a.refusals["GET serviceaccounts/default-editor"] = metav1.Status{Code: test.code, Reason: test.reason}
		}
		if test.own != "" {
			a.refusals["GET serviceaccounts/kfpperf"] = metav1.Status{Code: test.code, Reason: test.own}
		}
		account, err := c.ServiceAccount(t.Context())
		if account != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%d: %q, %v", test.code, account, err)
		}
	}
}
