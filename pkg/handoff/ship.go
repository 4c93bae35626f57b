package handoff

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrNoResult is Ship's error when the runner left no result; the commit record says why.
var ErrNoResult = errors.New("the runner left no result")

// LargeLog is how much of a log every kubelet keeps: the smallest limit that is in use is 1 MiB. A result that
// takes more is held for a while, to be fetched in ranges, before it is printed.
const LargeLog = 900 << 10

// Shipping says how the results container waits.
type Shipping struct {
	// RunID goes into the commit record of a runner that left nothing.
	RunID string
	// Poll is the time between two looks at the outbox.
	Poll time.Duration
	// Silence is how long the runner's heartbeat may be absent before it is taken for dead.
	Silence time.Duration
	// StartSilence is the same before the first heartbeat: the runner's container may start later.
	StartSilence time.Duration
	// Hold is how long a result of more than LargeLog is held before it is printed.
	Hold time.Duration
	// Asked reports whether somebody asked for it on the log, who has it or cannot fetch it.
	Asked func() bool
}

// Ship waits for the runner's result, prints it as frames to stdout and the commit record to termination. Of a
// runner that died it ships the last checkpoint, and the record says that this is partial; when there is none, the
// error is ErrNoResult. A large result is held before.
func Ship(ctx context.Context, box Outbox, s Shipping, stdout, termination io.Writer) error {
	l, parcel, death, err := box.await(ctx, s)
	if err != nil {
		return errors.Join(err, WriteCommit(termination, Commit{RunID: s.RunID, Partial: true, Problem: noResult(err)}))
	}
	commit := Commit{RunID: l.RunID, Problem: l.Problem, Partial: death != nil}
	if death != nil {
		commit.Problem = diedEarly(death)
	} else if l.Problem != nil {
		return errors.Join(ErrNoResult, WriteCommit(termination, commit))
	}
	if parcel.LogBytes() > LargeLog {
		box.hold(ctx, s, death != nil)
	}
	if err := parcel.WriteFrames(stdout, 0); err != nil {
		return err
	}
	return WriteCommit(termination, commit.Carrying(l.Verdict, parcel))
}

func noResult(err error) *Problem {
	return &Problem{
		Cause: "the runner ended before it wrote a result", Evidence: err.Error(),
		Remedy: "Look at the runner's log and its last state: it may have run out of memory.",
	}
}

func diedEarly(death error) *Problem {
	return &Problem{
		Cause: "the runner ended before its run did, and the result is what it had written by then", Evidence: death.Error(),
		Remedy: "Look at the runner's last state: it may have run out of memory, and --resources gives it more.",
	}
}

// hold waits until somebody asks for the result, or long enough. Without room to say so nobody can fetch it, and
// there is nothing to wait for.
func (o Outbox) hold(ctx context.Context, s Shipping, checkpoint bool) {
	name := resultFile
	if checkpoint {
		name = checkpointFile
	}
	if err := o.write(heldFile, []byte(name)); err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, s.Hold)
	defer cancel()
	look := time.NewTicker(s.Poll)
	defer look.Stop()
	for !s.Asked() {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// await returns what the runner left: its result, or a checkpoint and why there is no more. Its error says that
// there is neither, or that what there is cannot be read.
func (o Outbox) await(ctx context.Context, s Shipping) (l label, p Parcel, death, err error) {
	began, runner := time.Now(), o.Watch(RunnerContainer)
	look := time.NewTicker(s.Poll)
	defer look.Stop()
	for {
		death := o.deathOf(runner, began, s) // before the look for a result: it may have ended with one
		if death == nil && ctx.Err() != nil {
			death = fmt.Errorf("the pod was told to end: %w", context.Cause(ctx))
		}
		l, p, found, err := o.read(resultFile)
		if err != nil || found {
			return l, p, nil, err
		}
		if death != nil {
			l, p, found, err := o.read(checkpointFile)
			if !found {
				err = errors.Join(err, fmt.Errorf("%w: %w", ErrNoResult, death))
			}
			return l, p, death, err
		}
		select {
		case <-ctx.Done():
		case <-look.C:
		}
	}
}

// deathOf returns how it is known that the runner is dead, or nil while it is not.
func (o Outbox) deathOf(runner *Watch, began time.Time, s Shipping) error {
	if runner.Ended() {
		return errors.New("its process ended")
	}
	switch sign, seen := o.lastSign(); {
	case seen && time.Since(sign) > s.Silence:
		return fmt.Errorf("its last heartbeat was at %s", sign.UTC().Format(time.RFC3339))
	case !seen && time.Since(began) > s.StartSilence:
		return fmt.Errorf("it had no heartbeat for %s", s.StartSilence)
	}
	return nil
}

// WriteCommit writes the record that ends a run.
func WriteCommit(w io.Writer, c Commit) error {
	c.Protocol = Protocol
	encoded, err := c.Encode()
	if err != nil {
		return err
	}
	if _, err := w.Write(encoded); err != nil {
		return fmt.Errorf("writing the commit record: %w", err)
	}
	return nil
}
