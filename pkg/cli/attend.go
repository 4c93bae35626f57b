package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// attend follows a run that has started, and collects its results.
func (r *clusterRun) attend(ctx context.Context) error {
	_ = r.console.during(func() error {
		r.each(func(j *clusterJob) { j.attend(ctx) })
		return nil // each has its own error
	})
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
		left[i] = j.cluster.Release(context.WithoutCancel(ctx), j.objects)
	}
	return left
}

// attend follows the Job until it ends, and collects what it leaves.
func (j *clusterJob) attend(ctx context.Context) {
	j.err = j.cluster.Follow(ctx, j.id, cluster.Listener{
		Event: j.hear,
		Line:  func(line string) { j.console.note("  %s", tagged(j.tag, line)) },
		Gap: func(events int) {
			j.console.warn("%s", tagged(j.tag, count(events, "line", "lines")+" of the worker's log were lost to a rotation; the result is not affected"))
		},
	})
	if j.err == nil {
		j.collected, j.err = j.cluster.Collect(ctx, j.id)
	}
}

// hear shows an event. It refuses a worker that speaks another protocol: what comes next would be misread.
func (j *clusterJob) hear(e handoff.Event) error {
	switch {
	case e.Type == handoff.EventHello && e.Hello != nil:
		if e.Hello.Protocol != handoff.Protocol {
			return &handoff.Problem{
				Cause:    "the image and the plugin do not understand each other",
				Evidence: fmt.Sprintf("worker %s speaks protocol %d, the plugin %d", e.Hello.Version, e.Hello.Protocol, handoff.Protocol),
				Remedy:   "Use an --image of the plugin's own release.",
			}
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

// settle writes what the Job left home, and returns it. Where there is no result it tells why, and returns the
// code of that.
func (j *clusterJob) settle(ctx context.Context) (*finished, exitCode) {
	switch err := j.err; {
	case err == nil:
		return j.take(ctx)
	case ctx.Err() != nil:
		return nil, exitDetached
	case errors.Is(err, cluster.ErrOutage):
		j.tell(err)
		return nil, exitDetached
	case errors.Is(err, cluster.ErrUnverified):
		return nil, j.keep(exitInvalid, err)
	case errors.Is(err, cluster.ErrLost):
		return nil, j.keep(exitNoStart, err)
	default:
		return nil, j.giveUp(ctx, err)
	}
}

// take writes a result that was collected to its file.
func (j *clusterJob) take(ctx context.Context) (*finished, exitCode) {
	switch problem := j.collected.Commit.Problem; {
	case problem != nil && j.collected.Commit.Partial:
		return nil, j.keep(exitInvalid, problem)
	case problem != nil:
		if j.fatal != nil {
			problem = j.fatal // the record's words may be cut
		}
		return nil, j.giveUp(ctx, problem)
	}
	document, err := result.Decode(j.collected.Content)
	if err != nil {
		return nil, j.keep(exitInvalid, err)
	}
	file := newResultFile(j.outputDir, j.id)
	if err := file.write(j.collected.Content); err != nil {
		return nil, j.keep(exitUsage, err)
	}
	return &finished{document: document, content: j.collected.Content, file: file}, exitDone
}
