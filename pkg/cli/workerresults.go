package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
	// shipHold is how long a large result waits for who fetches it in ranges.
	shipHold = 5 * time.Minute
	// shipGrace is how much of the pod's minute of grace is left to a runner that deletes and writes what it has.
	shipGrace = 50 * time.Second
)

// shipper is the results container.
type shipper struct {
	program
	box                     handoff.Outbox
	requestDir, termination string
	sidecar                 bool
}

func (p program) workerResultsCommand() *cobra.Command {
	s := &shipper{program: p, box: handoff.Outbox{Dir: handoff.OutDir}, requestDir: handoff.RequestDir, termination: handoff.TerminationLog}
	command := &cobra.Command{
		Use:   "results",
		Short: "Print the runner's result, framed, once it is there",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			err := s.ship(c.Context())
			if s.sidecar {
				quitSidecar(c.Context(), istioAgent)
			}
			return err
		},
	}
	command.Flags().StringVar(&s.box.Dir, flagOutDir, s.box.Dir, "the folder shared with the runner")
	command.Flags().StringVar(&s.requestDir, flagRequestDir, s.requestDir, "where the pod's annotations are mounted")
	command.Flags().StringVar(&s.termination, flagTerminationLog, s.termination, "where the commit record goes")
	command.Flags().BoolVar(&s.sidecar, "quit-sidecar", s.sidecar, "ask Istio's sidecar to end when all is done: it would keep the pod alive")
	return command
}

// Flags of both containers.
const (
	flagOutDir         = "out-dir"
	flagRequestDir     = "request-dir"
	flagTerminationLog = "termination-log"
)

// ship prints the result to stdout and the commit record to the termination log. Why there is no result
// stands in that record; stderr, which is the same container log, stays empty for it.
func (s *shipper) ship(ctx context.Context) error {
	alive, err := s.box.Live(ctx, handoff.ResultsContainer)
	if err != nil {
		return err
	}
	record, err := lastWord(s.termination)
	if err != nil {
		return err
	}
	patient, stop := outlive(ctx, shipGrace)
	defer stop()
	err = handoff.Ship(patient, s.box, handoff.Shipping{
		RunID: os.Getenv(handoff.EnvRunID),
		Poll:  shipPoll, Silence: shipSilence, StartSilence: shipStartSilence,
		Hold: shipHold, Asked: func() bool { return ctx.Err() != nil || request(s.requestDir, handoff.CollectFile) != "" },
	}, s.streams.Out, record)
	if closing := record.Close(); closing != nil {
		return fmt.Errorf("closing the termination log: %w", closing)
	}
	if err == nil || errors.Is(err, handoff.ErrNoResult) {
		// Where there is no room for a word, the end of this process tells the runner enough.
		err = errors.Join(err, s.box.Shipped(), alive())
	}
	if errors.Is(err, handoff.ErrNoResult) {
		return exitWith(exitNoStart, nil)
	}
	return err
}

// lastWord opens the file that the kubelet takes a container's last word from.
func lastWord(file string) (*os.File, error) {
	record, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644) //nolint:gosec // the kubelet reads it
	if err != nil {
		return nil, fmt.Errorf("opening the termination log: %w", err)
	}
	return record, nil
}

// request returns what somebody asked of the pod by an annotation; empty when nobody did.
func request(dir, file string) string {
	asked, err := os.ReadFile(filepath.Join(dir, file)) //nolint:gosec // both are our own Job's
	if err != nil {
		return "" // a pod that was not made by us has no such volume
	}
	return string(asked)
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
