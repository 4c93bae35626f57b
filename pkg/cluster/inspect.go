package cluster

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
)

// How much of many runs is looked at: so many at once, and of each so many lines and bytes of its log's end. A worker
// tells its progress at least every 15 s, and little else.
const (
	mostLooked = 8
	tailLines  = 50
	tailBytes  = 256 << 10
)

// Inspect fills in what the Jobs and the pods of runs do not tell, of each what there is to ask: where the entries
// stand, and whether the worker has said its last word and only waits until its result is taken; what keeps a run
// from having a pod; whether a copy was kept of a result whose pod is gone. What cannot be read stays as it is.
func (c *Cluster) Inspect(ctx context.Context, runs []Run) {
	var looking sync.WaitGroup
	room := make(chan struct{}, mostLooked)
	for i := range runs {
		room <- struct{}{}
		looking.Go(func() {
			c.In(runs[i].Namespace).inspect(ctx, &runs[i])
			<-room
		})
	}
	looking.Wait()
}

func (c *Cluster) inspect(ctx context.Context, run *Run) {
	switch {
	case run.Phase == PhaseRunning, run.Phase == PhaseStopping:
		told := c.lastWords(ctx, run.Pod)
		if run.Progress = told.Progress; told.Last() {
			run.Phase = PhaseEnded
		}
	case run.Phase == PhasePending && run.Pod == "":
		if t, found := c.blocks(ctx, run.ID, nil); found {
			run.Problem = &t.Problem
		}
	case run.Phase == PhaseFailed && run.Commit == nil && (run.Pod == "" || run.Started != nil):
		kept, err := c.kept(ctx, run.ID)
		if err == nil {
			run.Phase, run.Commit, run.Problem = PhaseEnded, &kept.Commit, nil
		}
	}
}

// lastWords are the last event that the runner told, with its last progress; zero where the end of its log does not say.
func (c *Cluster) lastWords(ctx context.Context, pod string) handoff.Event {
	ctx, cancel := context.WithTimeout(ctx, request)
	defer cancel()
	lines := int64(tailLines)
	stream, err := c.client.CoreV1().Pods(c.namespace).GetLogs(pod, &corev1.PodLogOptions{
		Container: handoff.RunnerContainer, TailLines: &lines,
	}).Stream(ctx)
	if err != nil {
		return handoff.Event{}
	}
	defer func() { _ = stream.Close() }() // it was only read
	tail, _ := io.ReadAll(io.LimitReader(stream, tailBytes))
	var last handoff.Event
	for _, line := range slices.Backward(slices.Collect(strings.Lines(string(tail)))) {
		event, ok := handoff.ParseEvent(line)
		switch {
		case !ok:
		case last.N == 0:
			last = event
		case event.Progress != nil:
			last.Progress = event.Progress
		}
		if last.Progress != nil {
			break
		}
	}
	return last
}
