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

// How the progress of many runs is read: so many logs at once, and of each so many lines and bytes of its end. A
// worker tells its progress at least every 15 s, and little else.
const (
	mostTails = 8
	tailLines = 50
	tailBytes = 256 << 10
)

// Progress fills in where the entries of those runs stand that are running, from the ends of their logs. What cannot be
// read stays empty.
func (c *Cluster) Progress(ctx context.Context, runs []Run) {
	var reading sync.WaitGroup
	room := make(chan struct{}, mostTails)
	for i := range runs {
		if run := &runs[i]; run.Phase == PhaseRunning || run.Phase == PhaseStopping {
			room <- struct{}{}
			reading.Go(func() {
				run.Progress = c.In(run.Namespace).lastProgress(ctx, run.Pod)
				<-room
			})
		}
	}
	reading.Wait()
}

// lastProgress returns what the runner told last of its entries; nil where the end of its log does not say.
func (c *Cluster) lastProgress(ctx context.Context, pod string) []handoff.EntryProgress {
	ctx, cancel := context.WithTimeout(ctx, request)
	defer cancel()
	lines := int64(tailLines)
	stream, err := c.client.CoreV1().Pods(c.namespace).GetLogs(pod, &corev1.PodLogOptions{
		Container: handoff.RunnerContainer, TailLines: &lines,
	}).Stream(ctx)
	if err != nil {
		return nil
	}
	defer func() { _ = stream.Close() }() // it was only read
	tail, _ := io.ReadAll(io.LimitReader(stream, tailBytes))
	for _, line := range slices.Backward(slices.Collect(strings.Lines(string(tail)))) {
		if event, ok := handoff.ParseEvent(line); ok && event.Progress != nil {
			return event.Progress
		}
	}
	return nil
}
