// Command kubectl-kfpperf is a kubectl plugin that runs load scenarios against Kubeflow Pipelines. It
// does nothing itself: see pkg/cli.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cli"
	"k8s.io/cli-runtime/pkg/genericiooptions"
)

// version is set by the linker; `go install` leaves it empty.
var version string

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process as if nobody had listened
	streams := genericiooptions.IOStreams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr}
	os.Exit(cli.Run(ctx, cli.Arguments(os.Args), streams, release()))
}

// release is the version of this binary.
func release() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "v0.0.0-dev"
}
