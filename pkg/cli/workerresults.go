package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/spf13/cobra"
)

// How the results container waits for the runner beside it.
const (
	shipPoll    = 250 * time.Millisecond
	shipSilence = 12 * heartbeat
	// shipStartSilence allows for a runner whose image is pulled after this container's.
	shipStartSilence = 5 * time.Minute
	// shipGrace is how much of the pod's minute of grace is left to a runner that deletes and writes what it has.
	shipGrace = 50 * time.Second
)

func (p program) workerResultsCommand() *cobra.Command {
	outDir, termination, sidecar := handoff.OutDir, handoff.TerminationLog, false
	command := &cobra.Command{
		Use:   "results",
		Short: "Print the runner's result, framed, once it is there",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			err := p.ship(c.Context(), handoff.Outbox{Dir: outDir}, termination)
			if sidecar {
				quitSidecar(c.Context(), istioAgent)
			}
			return err
		},
	}
	command.Flags().StringVar(&outDir, "out-dir", outDir, "the folder shared with the runner")
	command.Flags().StringVar(&termination, "termination-log", termination, "where the commit record goes")
	command.Flags().BoolVar(&sidecar, "quit-sidecar", sidecar, "ask Istio's sidecar to end when all is done: it would keep the pod alive")
	return command
}

// ship prints the result to stdout and the commit record to the termination log. Why there is no result
// stands in that record; stderr, which is the same container log, stays empty for it.
func (p program) ship(ctx context.Context, box handoff.Outbox, termination string) error {
	record, err := os.OpenFile(termination, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644) //nolint:gosec // the kubelet reads it
	if err != nil {
		return fmt.Errorf("opening the termination log: %w", err)
	}
	patient, stop := outlive(ctx, shipGrace)
	defer stop()
	err = handoff.Ship(patient, box, handoff.Shipping{
		RunID: os.Getenv(handoff.EnvRunID),
		Poll:  shipPoll, Silence: shipSilence, StartSilence: shipStartSilence,
	}, p.streams.Out, record)
	if closing := record.Close(); closing != nil {
		return fmt.Errorf("closing the termination log: %w", closing)
	}
	if errors.Is(err, handoff.ErrNoResult) {
		return exitWith(exitNoStart, nil)
	}
	return err
}

// outlive returns a context that ends when ctx has been over for a while: the signal that ends a pod
// reaches both containers at once, and the runner needs time to write its partial result.
func outlive(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	patient, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(grace):
			cancel(context.Cause(ctx))
		case <-patient.Done():
		}
	})
	return patient, func() {
		stop()
		cancel(context.Canceled)
	}
}
