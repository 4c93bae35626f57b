package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// attend follows a run that has started, and collects its result.
func (r *clusterRun) attend(ctx context.Context) error {
	err := r.console.during(func() error {
		return r.cluster.Follow(ctx, r.id, cluster.Listener{
			Event: r.hear,
			Line:  func(line string) { r.console.note("  %s", line) },
			Gap: func(events int) {
				r.console.warn("%s of the worker's log were lost to a rotation; the result is not affected", count(events, "line", "lines"))
			},
		})
	})
	var collected cluster.Collected
	if err == nil {
		collected, err = r.cluster.Collect(ctx, r.id)
	}
	switch {
	case err == nil:
		return r.settle(ctx, collected)
	case ctx.Err() != nil:
		return r.detach()
	case errors.Is(err, cluster.ErrOutage):
		_ = r.console.ended(err) // the code is detach's
		return r.detach()
	case errors.Is(err, cluster.ErrUnverified):
		return r.keep(exitInvalid, err)
	case errors.Is(err, cluster.ErrLost):
		return r.keep(exitNoStart, err)
	}
	return r.giveUp(ctx, err)
}

// hear shows an event. It refuses a worker that speaks another protocol: what comes next would be misread.
func (r *clusterRun) hear(e handoff.Event) error {
	switch {
	case e.Type == handoff.EventHello && e.Hello != nil:
		if e.Hello.Protocol != handoff.Protocol {
			return &handoff.Problem{
				Cause:    "the image and the plugin do not understand each other",
				Evidence: fmt.Sprintf("worker %s speaks protocol %d, the plugin %d", e.Hello.Version, e.Hello.Protocol, handoff.Protocol),
				Remedy:   "Use an --image of the plugin's own release.",
			}
		}
		if e.Hello.Version != r.version {
			r.console.warn("the worker is %s, the plugin %s", e.Hello.Version, r.version)
		}
	case e.Type == handoff.EventFatal:
		r.fatal = e.Problem
	default:
		r.console.event(e)
	}
	return nil
}

// settle writes the result home, then lets Kubernetes remove the run, then tells the verdict.
func (r *clusterRun) settle(ctx context.Context, collected cluster.Collected) error {
	switch problem := collected.Commit.Problem; {
	case problem != nil && collected.Commit.Partial:
		return r.keep(exitInvalid, problem)
	case problem != nil:
		if r.fatal != nil {
			problem = r.fatal // the record's words may be cut
		}
		return r.giveUp(ctx, problem)
	}
	document, err := result.Decode(collected.Content)
	if err != nil {
		return r.keep(exitInvalid, err)
	}
	file := newResultFile(r.outputDir, r.id)
	if err := file.write(collected.Content); err != nil {
		return r.keep(exitUsage, err)
	}
	left := r.cluster.Release(context.WithoutCancel(ctx), r.objects)
	err = r.conclude(document, collected.Content, file)
	if left == nil {
		return err
	}
	r.console.fail(left.Error())
	r.console.command("remove it with:", r.commands().Remove)
	if err == nil {
		return exitWith(exitLeft, nil)
	}
	return err
}

// keep tells what is wrong and leaves the run in the cluster, where it can be looked at.
func (r *clusterRun) keep(code exitCode, err error) error {
	_ = r.console.ended(err) // the code is decided by the caller
	r.console.note("  The run was left in %s.", r.namespace)
	r.console.command("look into it with:", r.commands().Follow)
	r.console.command("remove it with:", r.commands().Remove)
	return exitWith(code, nil)
}
