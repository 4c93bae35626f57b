package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
)

// shipPatience is how long the runner waits, at its end, for a results container that it has never seen alive.
const shipPatience = 30 * time.Second

// run leaves a result or the reason why there is none. Its exit code says which of the two, and not what
// the verdict is: a container that fails makes its Job a failed one, and a Job that brought a result home
// has done its work. The verdict is in the result and in the commit record.
func (o *workerOptions) run(ctx context.Context, do duty) error {
	box := handoff.Outbox{Dir: o.outDir}
	results := box.Watch(handoff.ResultsContainer)
	alive, err := box.Live(ctx, handoff.RunnerContainer)
	if err != nil {
		o.logger.Warn("the end of this process will be noticed late", "error", err)
	}
	defer func() { _ = alive() }() // the process ends, and with it the lock
	content, verdict, err := o.work(ctx, box, results, do)
	if err == nil {
		err = o.hand(box, results, verdict, content)
	}
	if err == nil {
		return nil
	}
	problem := o.asProblem(ctx, err)
	o.emit(handoff.Event{Type: handoff.EventFatal, Text: problem.Error(), Problem: problem})
	err = box.Fail(o.runID, problem)
	if err != nil || !o.shipped(box, results) {
		err = o.tellHere(handoff.Commit{RunID: o.runID, Problem: problem})
	}
	return exitWith(exitNoStart, err)
}

// work introduces the worker and does its duty, under a steady heartbeat.
func (o *workerOptions) work(ctx context.Context, box handoff.Outbox, results *handoff.Watch, do duty) ([]byte, string, error) {
	o.emit(handoff.Event{
		Type: handoff.EventHello, Text: fmt.Sprintf("worker %s, run %s", o.version, o.runID),
		Hello: &handoff.Hello{Protocol: handoff.Protocol, Version: o.version, RunID: o.runID},
	})
	if o.protocol != strconv.Itoa(handoff.Protocol) {
		return nil, "", &handoff.Problem{
			Cause:    "the image and the plugin do not understand each other",
			Evidence: fmt.Sprintf("worker %s speaks protocol %d, the plugin %s", o.version, handoff.Protocol, o.protocol),
			Remedy:   "Use an --image of the plugin's own release.",
		}
	}
	if err := box.Heartbeat(time.Now()); err != nil {
		return nil, "", err
	}
	beating, stop := context.WithCancel(context.Background())
	var heart sync.WaitGroup
	heart.Go(func() { o.beat(beating, box, results) })
	defer heart.Wait()
	defer stop()
	return guarded(ctx, do)
}

// guarded makes of a panic on this goroutine an error: whoever waits for the result learns of it at once.
func guarded(ctx context.Context, do duty) (content []byte, verdict string, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = &handoff.Problem{
				Cause: "this is a defect of kubectl-kfpperf", Evidence: fmt.Sprint(fault),
				Remedy: "Please report it, with the scenario, at https://github.com/kfpperf/kubectl-kfpperf/issues.",
			}
		}
	}()
	return do(ctx)
}

// beat tells that the runner lives, also while it is asked to end and writes what it has, and looks whether the
// results container does.
func (o *workerOptions) beat(ctx context.Context, box handoff.Outbox, results *handoff.Watch) {
	ticker, look := time.NewTicker(heartbeat), time.NewTicker(shipPoll)
	defer ticker.Stop()
	defer look.Stop()
	for {
		o.lookFor(results)
		select {
		case <-look.C:
		case <-ticker.C:
			if err := box.Heartbeat(time.Now()); err != nil {
				o.logger.Error("no heartbeat", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// lookFor tells, once, when the results container has ended before its time.
func (o *workerOptions) lookFor(results *handoff.Watch) {
	if results.Ended() && !o.alone {
		o.alone = true
		o.tellProblem(noShipper("its process ended"))
	}
}

// hand leaves the result to the results container, and prints it itself when that cannot ship it.
func (o *workerOptions) hand(box handoff.Outbox, results *handoff.Watch, verdict string, content []byte) error {
	parcel, err := handoff.NewParcel(content)
	if err != nil {
		return err
	}
	stored := box.Finish(o.runID, verdict, parcel)
	if stored != nil {
		o.tellProblem(noShipper(stored.Error()))
	} else {
		o.lookFor(results)
	}
	o.emit(handoff.Event{Type: handoff.EventHanded, Text: fmt.Sprintf("the result is ready: %d bytes, sha256 %s", parcel.Bytes, parcel.SHA256)})
	if stored == nil && o.shipped(box, results) {
		return nil
	}
	if err := parcel.WriteFrames(o.streams.Out, 0); err != nil {
		return err
	}
	return o.tellHere(handoff.Commit{RunID: o.runID}.Carrying(verdict, parcel))
}

// shipped waits for the results container, and reports whether it has done its work. What ends the pod ends the
// waiting, too: there is nothing better to do until then.
func (o *workerOptions) shipped(box handoff.Outbox, results *handoff.Watch) bool {
	ctx, cancel := context.WithTimeout(context.Background(), shipHold+time.Minute)
	defer cancel()
	return box.AwaitShipped(ctx, results, shipPoll, shipPatience)
}

// tellHere makes the record of the run the last word of this container instead of the other.
func (o *workerOptions) tellHere(commit handoff.Commit) error {
	record, err := lastWord(o.termination)
	if err != nil {
		return err
	}
	return errors.Join(handoff.WriteCommit(record, commit), record.Close())
}

// noShipper explains why the result is printed by the runner.
func noShipper(evidence string) *handoff.Problem {
	return &handoff.Problem{
		Cause: "the results container cannot ship the result, which the runner prints itself", Evidence: evidence,
		Remedy: "Nothing is lost; look at the pod's limits if it happens again.",
	}
}

func (o *workerOptions) tellProblem(p *handoff.Problem) {
	o.logger.Warn(p.Cause, "evidence", p.Evidence)
	o.emit(handoff.Event{Type: handoff.EventProblem, Text: p.Error(), Problem: p})
}
