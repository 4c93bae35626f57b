package cluster

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// insideOf is the run's pod, with all rights.
func insideOf(t *testing.T, a *api) *Inside {
	t.Helper()
	pod := &Inside{RunID: "r", Namespace: "ns", Pod: "p", PodUID: "uid-1", JobUID: "job-1"}
	if err := pod.Connect(&rest.Config{Host: a.URL, ContentConfig: rest.ContentConfig{ContentType: "application/json"}}); err != nil {
		t.Fatal(err)
	}
	return pod
}

func TestARunIsClaimedOnce(t *testing.T) {
	for name, test := range map[string]struct {
		create metav1.Status
		found  string
		want   error
	}{
		"free":               {metav1.Status{}, "", nil},
		"ours":               {refusal(http.StatusConflict, metav1.StatusReasonAlreadyExists, ""), `{"data":{"uid":"uid-1","pod":"p"}}`, nil},
		"another pod's":      {refusal(http.StatusConflict, metav1.StatusReasonAlreadyExists, ""), `{"data":{"uid":"uid-0","pod":"q"}}`, ErrClaimed},
		"nobody knows whose": {refusal(http.StatusConflict, metav1.StatusReasonAlreadyExists, ""), `{}`, ErrClaimed},
		"denied":             {refusal(http.StatusForbidden, metav1.StatusReasonForbidden, ""), "", ErrDenied},
	} {
		t.Run(name, func(t *testing.T) {
			a, _ := newAPI(t)
			if test.create.Code != 0 {
				a.refusals["POST configmaps"] = test.create
			}
			a.raw = map[string]string{"GET configmaps/kfpperf-r-claim": test.found}
			if err := insideOf(t, a).Claim(t.Context()); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
			var made corev1.ConfigMap
			if err := json.Unmarshal([]byte(a.bodies["POST configmaps"]), &made); err != nil {
				t.Fatal(err)
			}
			owner := made.OwnerReferences[0]
			if made.Name != "kfpperf-r-claim" || made.Labels["kfpperf.io/run"] != "r" || owner.Name != "kfpperf-r" || owner.UID != "job-1" || made.Data["uid"] != "uid-1" {
				t.Errorf("made %+v", made)
			}
		})
	}
}

func TestTheCopyIsTakenWhenThePodIsGone(t *testing.T) {
	a, c := newAPI(t)
	content, parcel := large(t)
	commit := handoff.Commit{Protocol: handoff.Protocol, RunID: "r"}.Carrying("passed", parcel)
	if err := insideOf(t, a).Keep(t.Context(), commit, parcel); err != nil {
		t.Fatal(err)
	}
	kept := a.bodies["POST configmaps"]
	for name, test := range map[string]struct {
		kept string
		want bool
	}{
		"whole":         {kept, true},
		"changed":       {strings.Replace(kept, `"kfpperf-r-result"`, `"kfpperf-r-result","uid":"x"`, 1), true},
		"damaged":       {strings.Replace(kept, parcel.SHA256, strings.Repeat("0", 64), 1), false},
		"another run's": {strings.Replace(kept, `\"runID\":\"r\"`, `\"runID\":\"s\"`, 1), false},
		"no record":     {`{}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			a.raw = map[string]string{"GET configmaps/kfpperf-r-result": test.kept}
			a.pods = nil
			got, err := c.Collect(t.Context(), "r")
			if test.want && (err != nil || !got.Kept || !bytes.Equal(got.Content, content) || got.Commit.Verdict != "passed") {
				t.Errorf("%d bytes, %+v, %v", len(got.Content), got.Commit, err)
			}
			if !test.want && !errors.Is(err, ErrLost) {
				t.Errorf("%d bytes, %v", len(got.Content), err)
			}
		})
	}
}

func TestTheRunnersOwnWordCountsWhenTheOtherContainerDied(t *testing.T) {
	a, c := newAPI(t)
	log, record := shipment(t, []byte(`{"kind":"Result"}`))
	killed := isOver("")
	killed.Terminated.ExitCode, killed.Terminated.Reason = 137, "OOMKilled"
	a.pods = [][]corev1.Pod{{podIn("p", isRunning(), killed)}, {podIn("p", isOver(record), killed)}}
	a.logs[handoff.RunnerContainer] = []string{"[1] worker v1\t{}\n" + log + "a last word\n"}
	got, err := c.Collect(t.Context(), "r")
	if err != nil || string(got.Content) != `{"kind":"Result"}` || got.Commit.Verdict != "passed" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAPartialResultSaysWhatKubernetesSaysOfTheRunner(t *testing.T) {
	a, c := newAPI(t)
	log, record := shipment(t, []byte(`{}`))
	commit, err := handoff.ParseCommit(record)
	if err != nil {
		t.Fatal(err)
	}
	commit.Partial, commit.Problem = true, &handoff.Problem{Cause: "the runner ended before its run did", Evidence: "its process ended"}
	encoded, err := commit.Encode()
	if err != nil {
		t.Fatal(err)
	}
	killed := isOver("")
	killed.Terminated.ExitCode, killed.Terminated.Reason = 137, "OOMKilled"
	a.pods = [][]corev1.Pod{{podIn("p", killed, isOver(string(encoded)))}}
	a.logs[handoff.ResultsContainer] = []string{log}
	got, err := c.Collect(t.Context(), "r")
	if err != nil || string(got.Content) != `{}` || got.Commit.Problem.Evidence != "its process ended: OOMKilled, exit code 137" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTheLastWordOfAPodThatIsDeletedIsOverheard(t *testing.T) {
	a, c := newAPI(t)
	log, _ := shipment(t, []byte(`{}`))
	going := podIn("p", isRunning(), isRunning())
	at := metav1.Now()
	going.DeletionTimestamp = &at
	a.pods = [][]corev1.Pod{{going}, nil}
	a.logs[handoff.ResultsContainer] = []string{log}
	got, err := c.Collect(t.Context(), "r")
	if err != nil || string(got.Content) != `{}` || got.Commit.SHA256 != handoff.Sum([]byte(`{}`)) {
		t.Errorf("%+v, %v", got, err)
	}
}
