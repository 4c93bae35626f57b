package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
)

// follow follows all Jobs until they end, and collects what they leave.
func (r *clusterRun) follow(ctx context.Context) {
	_ = r.console.during(func() error {
		r.each(func(j *clusterJob) { j.follow(ctx) })
		return nil // each has its own error
	})
}

// settle writes home what the Jobs left, and prints it. Jobs that go on are left alone.
func (r *clusterRun) settle(ctx context.Context) error {
	var detached, collected []*clusterJob
	outcome := beside{plan: r.plan}
	for _, j := range r.jobs {
		done, code := j.settle(ctx)
		switch {
		case code == exitDetached:
			detached = append(detached, j)
			outcome.lack(j.namespace, code, errDetached)
		case done == nil:
			outcome.lack(j.namespace, code, j.err)
		default:
			collected = append(collected, j)
			outcome.add(*done)
		}
	}
	if len(detached) > 0 {
		_ = r.detach(detached) // its code is among the others
	}
	left := r.release(ctx, collected)
	err := r.conclude(outcome)
	for i, j := range collected {
		if left[i] != nil {
			j.tellLeft(left[i])
			err = exitWith(worst(codeOf(err), exitLeft), untold(err))
		}
	}
	return err
}

// untold is what is still to be told of an error; nil when all was.
func untold(err error) error {
	var decided *exitError
	if errors.As(err, &decided) {
		return decided.err
	}
	return err
}

// errDetached is why there is no result of what goes on.
var errDetached = errors.New("it was left alone in the cluster")

// release lets Kubernetes remove what is on disk, and returns what stays, each with the place of its Job.
func (r *clusterRun) release(ctx context.Context, collected []*clusterJob) []error {
	left := make([]error, len(collected))
	for i, j := range collected {
		left[i] = j.cluster.Release(context.WithoutCancel(ctx), j.id, handoff.Sum(j.collected.Content))
	}
	return left
}

// follow follows the Job until it ends, and collects what it leaves. One of which no more is to be known is passed
// over.
func (j *clusterJob) follow(ctx context.Context) {
	if j.err != nil || j.ended() {
		return
	}
	if j.replay == nil && (!j.own || j.last.N > 0) {
		j.replay = &replay{}
	}
	listener := cluster.Listener{
		From: j.last, Event: j.hear, Line: j.line,
		Gap: func(events int) {
			j.console.warn("%s", tagged(j.tag, count(events, "line", "lines")+" of the worker's log were lost to a rotation; the result is not affected"))
		},
	}
	if j.replay != nil {
		listener.Caught = j.caughtUp
	}
	j.err = j.cluster.Follow(ctx, j.id, listener)
	if j.err == nil || errors.Is(j.err, cluster.ErrLost) { // of a pod that is gone a copy may have been kept
		j.collected, j.err = j.cluster.Collect(ctx, j.id)
	}
}

// hear shows an event. It refuses a worker that speaks another protocol: what comes next would be misread.
func (j *clusterJob) hear(e handoff.Event) error {
	j.last = e
	switch {
	case j.replay != nil && j.replay.swallow(e):
	case e.Type == handoff.EventHello && e.Hello != nil:
		if e.Hello.Protocol != handoff.Protocol {
			return j.misunderstood(e.Hello)
		}
		if e.Hello.Version != j.version {
			j.console.warn("%s", tagged(j.tag, fmt.Sprintf("the worker is %s, the plugin %s", e.Hello.Version, j.version)))
		}
	case e.Type == handoff.EventFatal:
		j.fatal = e.Problem
		if j.tag != "" {
			j.console.note("  %s ends without a result; the others go on", j.tag)
		}
	default:
		j.console.event(taggedEvent(j.tag, e))
	}
	return nil
}

// errProtocol says that nothing that a worker says can be relied on.
var errProtocol = errors.New("the worker speaks another protocol")

// misunderstood explains that a worker is of another release, with another protocol.
func (j *clusterJob) misunderstood(hello *handoff.Hello) error {
	p := &handoff.Problem{
		Cause:    "the image and the plugin do not understand each other",
		Evidence: fmt.Sprintf("worker %s speaks protocol %d, the plugin %d", hello.Version, hello.Protocol, handoff.Protocol),
		Remedy:   "Use an --image of the plugin's own release.",
	}
	if !j.own {
		p.Remedy = "Use the plugin that launched the run."
	}
	return fmt.Errorf("%w: %w", errProtocol, p)
}
