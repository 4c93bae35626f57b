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

// Shipping says how the results container waits for the runner.
type Shipping struct {
	// RunID goes into the commit record of a runner that left nothing.
	RunID string
	// Poll is the time between two looks at the outbox.
	Poll time.Duration
	// Silence is how long the runner's heartbeat may be absent before it is taken for dead.
	Silence time.Duration
	// StartSilence is the same before the first heartbeat: the runner's container may start later.
	StartSilence time.Duration
}

// Ship waits for the runner's manifest, prints the result as frames to stdout and the commit record to
// termination. A runner that stops its heartbeat without a manifest gets a record marked partial, and
// ErrNoResult.
func Ship(ctx context.Context, box Outbox, s Shipping, stdout, termination io.Writer) error {
	m, content, err := box.await(ctx, s)
	if err != nil {
		return errors.Join(err, writeCommit(termination, Commit{
			RunID: s.RunID, Partial: true,
			Problem: &Problem{
				Cause: "the runner ended before it wrote a result", Evidence: err.Error(),
				Remedy: "Look at the runner's log and its last state: it may have run out of memory.",
			},
		}))
	}
	if m.Problem != nil {
		return errors.Join(ErrNoResult, writeCommit(termination, Commit{RunID: m.RunID, Problem: m.Problem}))
	}
	framed, err := WriteFrames(stdout, content)
	if err != nil {
		return err
	}
	return writeCommit(termination, Commit{
		RunID: m.RunID, Verdict: m.Verdict, Bytes: framed.Bytes, SHA256: framed.SHA256, Chunks: framed.Chunks,
	})
}

// await returns what the runner left, or an error when it has gone silent or left something unreadable.
func (o Outbox) await(ctx context.Context, s Shipping) (manifest, []byte, error) {
	began := time.Now()
	look := time.NewTicker(s.Poll)
	defer look.Stop()
	for {
		m, content, found, err := o.read()
		if found || err != nil {
			return m, content, err
		}
		if sign, seen := o.lastSign(); seen && time.Since(sign) > s.Silence {
			return manifest{}, nil, fmt.Errorf("%w: its last heartbeat was at %s", ErrNoResult, sign.UTC().Format(time.RFC3339))
		} else if !seen && time.Since(began) > s.StartSilence {
			return manifest{}, nil, fmt.Errorf("%w: it had no heartbeat for %s", ErrNoResult, s.StartSilence)
		}
		select {
		case <-ctx.Done():
			return manifest{}, nil, fmt.Errorf("waiting for the runner: %w", context.Cause(ctx))
		case <-look.C:
		}
	}
}

func writeCommit(w io.Writer, c Commit) error {
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
