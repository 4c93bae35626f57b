package cli

import (
	"context"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
)

// requestPoll is the time between two looks at what people ask of the pod.
const requestPoll = time.Second

// stopping are the ways in which people end a run before its time: the channels are closed when that is asked for.
type stopping struct{ stop, abandon chan struct{} }

func newStopping() stopping { return stopping{make(chan struct{}), make(chan struct{})} }

// heed looks, until ctx ends, for what is asked of the pod, and closes the channels of it, once each.
func (o *workerOptions) heed(ctx context.Context, s stopping) {
	ticker := time.NewTicker(requestPoll)
	defer ticker.Stop()
	var last handoff.Stop
	for told := ""; ; {
		text := request(o.requestDir, handoff.StopFile)
		asked, err := handoff.ParseStop(text)
		switch {
		case err != nil && text != told:
			told = text
			o.logger.Warn("a wish is not understood", "error", err)
		case asked == handoff.StopDrain && last == "":
			o.logger.Info("asked to stop: nothing more is started, and what is under way is awaited")
			close(s.stop)
			last = asked
		case asked == handoff.StopNow && last != handoff.StopNow:
			o.logger.Info("asked to stop now: nothing more is started, and nothing is awaited")
			if last == "" {
				close(s.stop)
			}
			close(s.abandon)
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
