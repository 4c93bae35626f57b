package cluster

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
)

// shipment is a result as the results container leaves it: the log, and the commit record.
func shipment(t *testing.T, content []byte) (log, record string) {
	t.Helper()
	var framed bytes.Buffer
	parcel, err := handoff.NewParcel(content)
	if err == nil {
		err = parcel.WriteFrames(&framed, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	commit, err := handoff.Commit{Protocol: handoff.Protocol, RunID: "r"}.Carrying("passed", parcel).Encode()
	if err != nil {
		t.Fatal(err)
	}
	return framed.String(), string(commit)
}

func TestAResultIsReadAgainUntilItIsWhole(t *testing.T) {
	a, c := newAPI(t)
	log, record := shipment(t, []byte(`{"kind":"Result"}`))
	a.pods = [][]corev1.Pod{{podIn("p", isOver(""), isRunning())}, {podIn("p", isOver(""), isOver(record))}}
	a.logs[handoff.ResultsContainer] = []string{log[:len(log)/2], strings.Replace(log, " 0 1 ", " 0 2 ", 1), log}
	got, err := c.Collect(t.Context(), "r")
	if err != nil || string(got.Content) != `{"kind":"Result"}` || got.Commit.Verdict != "passed" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhatCannotBeVerifiedIsNoResult(t *testing.T) {
	log, record := shipment(t, []byte("one"))
	other, _ := shipment(t, []byte("two"))
	for name, test := range map[string]struct {
		log, record string
		want        error
		evidence    string
	}{
		"another result":    {other, record, ErrUnverified, "sha256"},
		"no trailer":        {strings.Split(log, "\n")[0] + "\n", record, ErrUnverified, "no trailer"},
		"no record":         {log, "", ErrUnverified, "no commit record"},
		"another run":       {log, strings.Replace(record, `"r"`, `"s"`, 1), ErrUnverified, "of run s"},
		"a record of noise": {log, "\x00garbage", ErrUnverified, "no commit record"},
	} {
		t.Run(name, func(t *testing.T) {
			a, c := newAPI(t)
			a.pods = [][]corev1.Pod{{podIn("p", isOver(""), isOver(test.record))}}
			a.logs[handoff.ResultsContainer] = []string{test.log}
			_, err := c.Collect(t.Context(), "r")
			var problem *handoff.Problem
			if !errors.Is(err, test.want) || !errors.As(err, &problem) || !strings.Contains(problem.Evidence, test.evidence) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestARecordOfAProblemIsTheAnswer(t *testing.T) {
	a, c := newAPI(t)
	record, err := handoff.Commit{RunID: "r", Problem: &handoff.Problem{Cause: "KFP cannot be reached"}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	a.pods = [][]corev1.Pod{{podIn("p", isOver(""), isOver(string(record)))}}
	got, err := c.Collect(t.Context(), "r")
	if err != nil || got.Content != nil || got.Commit.Problem.Cause != "KFP cannot be reached" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAPodThatFailedAsAWholeIsALostResult(t *testing.T) {
	a, c := newAPI(t)
	evicted := podIn("p", corev1.ContainerState{}, corev1.ContainerState{})
	evicted.Status = corev1.PodStatus{Phase: corev1.PodFailed, Reason: "Evicted", Message: "low on memory"}
	for _, pods := range [][]corev1.Pod{nil, {evicted}} {
		a.pods = [][]corev1.Pod{pods}
		if _, err := c.Collect(t.Context(), "r"); !errors.Is(err, ErrLost) || len(pods) > 0 && !strings.Contains(err.Error(), "low on memory") {
			t.Errorf("error %v", err)
		}
	}
}

func TestAResultsContainerThatDoesNotEndIsGivenUp(t *testing.T) {
	a, c := newAPI(t)
	c.shipping = 5 * time.Millisecond
	a.pods = [][]corev1.Pod{{podIn("p", isOver(""), isRunning())}}
	if _, err := c.Collect(t.Context(), "r"); !errors.Is(err, ErrUnverified) {
		t.Errorf("error %v", err)
	}
}

func TestAWholeResultOfTheRunnerIsTakenBeforeACheckpoint(t *testing.T) {
	record := func(c handoff.Commit) string {
		c.Protocol, c.RunID = handoff.Protocol, "r"
		encoded, err := c.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return string(encoded)
	}
	whole := record(handoff.Commit{Bytes: 2, SHA256: "whole"})
	checkpoint := record(handoff.Commit{Bytes: 1, SHA256: "checkpoint", Partial: true})
	problem := record(handoff.Commit{Problem: &handoff.Problem{Cause: "it did not start"}})
	for name, test := range map[string]struct{ runner, results, from, sum string }{
		"both whole":                    {whole, whole, handoff.ResultsContainer, "whole"},
		"a checkpoint beside a whole":   {whole, checkpoint, handoff.RunnerContainer, "whole"},
		"a checkpoint of a dead one":    {"", checkpoint, handoff.ResultsContainer, "checkpoint"},
		"a checkpoint and a problem":    {problem, checkpoint, handoff.ResultsContainer, "checkpoint"},
		"a results container that died": {whole, "", handoff.RunnerContainer, "whole"},
	} {
		pod := podIn("p", isOver(test.runner), isOver(test.results))
		from, commit, err := shipperOf(&pod, "r")
		if err != nil || from != test.from || commit.SHA256 != test.sum {
			t.Errorf("%s: %s of %s, %v", name, commit.SHA256, from, err)
		}
	}
}

func TestTheLastWordOfTheRunnerIsWaitedFor(t *testing.T) {
	a, c := newAPI(t)
	log, whole := shipment(t, []byte(`{"whole":true}`))
	part, record := shipment(t, []byte(`{}`))
	commit, err := handoff.ParseCommit(record)
	if err != nil {
		t.Fatal(err)
	}
	commit.Partial = true
	checkpoint, err := commit.Encode()
	if err != nil {
		t.Fatal(err)
	}
	a.logs = map[string][]string{handoff.RunnerContainer: {log}, handoff.ResultsContainer: {part}}
	late := podIn("p", isRunning(), isOver(string(checkpoint)))
	a.pods = [][]corev1.Pod{{late}, {podIn("p", isOver(whole), isOver(string(checkpoint)))}}
	if got, err := c.Collect(t.Context(), "r"); err != nil || string(got.Content) != `{"whole":true}` {
		t.Errorf("%s, %v", got.Content, err)
	}
	a.pods = [][]corev1.Pod{{late}} // it hangs
	if got, err := c.Collect(t.Context(), "r"); err != nil || string(got.Content) != `{}` {
		t.Errorf("%s, %v", got.Content, err)
	}
}
