// Command prepared-runner plays the runner container of a Job: it leaves a prepared result in the outbox,
// larger than any that a test could wait for, and ends.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/prepared"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("prepared-runner", flag.ContinueOnError)
	seed := flags.String("seed", "", "what the result's noise is made from")
	size := flags.Int("bytes", 0, "how many bytes of noise the result holds")
	if err := flags.Parse(args); err != nil {
		return err
	}
	id := os.Getenv(handoff.EnvRunID)
	if *seed == "" || *size <= 0 || id == "" || flags.NArg() > 0 {
		return errors.New("it wants --seed, --bytes and " + handoff.EnvRunID)
	}
	box := handoff.Outbox{Dir: handoff.OutDir}
	if err := box.Heartbeat(time.Now()); err != nil {
		return err
	}
	content, err := prepared.Result(id, *seed, *size)
	if err != nil {
		return err
	}
	parcel, err := handoff.NewParcel(content)
	if err != nil {
		return err
	}
	if err := box.Finish(id, string(prepared.Verdict), parcel); err != nil {
		return err
	}
	fmt.Printf("left %d bytes, sha256 %s\n", len(content), handoff.Sum(content))
	return nil
}
