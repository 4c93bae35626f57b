// Command cluster runs a real Kubernetes with a real Kubeflow Pipelines on this machine, for tests.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/cluster"
	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/host"
	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/image"
	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/progress"
)

const usage = `usage: go -C test/cluster run . VERB

  up        build what is missing, start the cluster, print how to reach it; KFP's server is a single-user
            one, with --multi-user one that knows its users. A running cluster's is switched
  down      stop it and take back all that it changed; the builds stay
  env       print how to reach the running cluster
  image     make an image from one static binary and import it (--help tells more)
  daemon    kill, stop, start or restart one of the cluster's programs, as in: daemon restart kubelet; it returns
            when that one is gone, or ready again. With --container-log-max-size, restart kubelet has containers'
            logs rotated at that size
  processes print the cluster's processes: id, resident memory in KiB, program
  snapshot  print what a cluster may change on this machine, to compare before and after
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return
	}
	fmt.Fprintln(os.Stderr, "error:", err)
	os.Exit(1)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("a verb is missing\n%s", usage)
	}
	layout, err := cluster.DefaultLayout()
	if err != nil {
		return err
	}
	verb, args := args[0], args[1:]
	if !slices.Contains([]string{"image", "up", "daemon"}, verb) && len(args) > 0 {
		return fmt.Errorf("%s takes no arguments", verb)
	}
	if slices.Contains([]string{"up", "down", "daemon"}, verb) && os.Geteuid() != 0 {
		return fmt.Errorf("%s needs root", verb)
	}
	switch verb {
	case "up":
		return up(ctx, layout, args, stdout, stderr)
	case "down":
		return cluster.Down(ctx, layout, progress.New(stderr))
	case "env":
		return env(ctx, layout, stdout)
	case "image":
		return makeImage(ctx, layout, args, stderr)
	case "daemon":
		return daemon(ctx, layout, args, stderr)
	case "processes":
		return processes(layout, stdout)
	case "snapshot":
		return snapshot(ctx, layout, stdout)
	case "help", "-h", "--help":
		_, err := io.WriteString(stdout, usage)
		return err
	}
	return fmt.Errorf("unknown verb %q\n%s", verb, usage)
}

func up(ctx context.Context, layout cluster.Layout, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("up", flag.ContinueOnError)
	flags.SetOutput(stderr)
	multiUser := flags.Bool("multi-user", false, "KFP's server is a multi-user one")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return errors.New("up takes no arguments but --multi-user")
	}
	source, err := filepath.Abs("build")
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(source, "kubernetes", "go.mod")); err != nil {
		return fmt.Errorf("run this in test/cluster (go -C test/cluster run . up): %w", err)
	}
	if err := cluster.Up(ctx, layout, source, cluster.Mode(*multiUser), progress.New(stderr)); err != nil {
		return err
	}
	return env(ctx, layout, stdout)
}

func env(ctx context.Context, layout cluster.Layout, stdout io.Writer) error {
	line, err := cluster.Env(ctx, layout)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, line)
	return err
}

func makeImage(ctx context.Context, layout cluster.Layout, args []string, stderr io.Writer) error {
	var spec image.Spec
	var output string
	flags := flag.NewFlagSet("image", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&spec.Binary, "binary", "", "the static binary")
	flags.StringVar(&spec.Name, "name", "", "the image's full name, such as docker.io/kfpperf-test/tool:1")
	flags.StringVar(&spec.Entrypoint, "entrypoint", "", "the binary's path in the image (default / and its name)")
	flags.StringVar(&output, "output", "", "write an archive here instead of importing the image")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if spec.Binary == "" || spec.Name == "" || flags.NArg() > 0 {
		return errors.New("image wants --binary and --name, and no further arguments")
	}
	if spec.Entrypoint == "" {
		spec.Entrypoint = "/" + filepath.Base(spec.Binary)
	}
	if output != "" {
		return image.Write(spec, output)
	}
	return layout.Import(ctx, spec)
}

func daemon(ctx context.Context, layout cluster.Layout, args []string, stderr io.Writer) error {
	if len(args) < 2 {
		return errors.New("daemon wants kill, stop, start or restart, and a name")
	}
	order := cluster.Order{Do: args[0], Name: args[1]}
	flags := flag.NewFlagSet("daemon", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&order.ContainerLogMaxSize, "container-log-max-size", "", "at which size containers' logs are rotated, such as 1Mi")
	if err := flags.Parse(args[2:]); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return errors.New("daemon wants one name")
	}
	return order.Carry(ctx, layout, progress.New(stderr))
}

func processes(layout cluster.Layout, stdout io.Writer) error {
	infos, err := cluster.Processes(layout)
	if err != nil {
		return err
	}
	for _, info := range infos {
		if _, err := fmt.Fprintln(stdout, info.PID, info.Resident, info.Program); err != nil {
			return err
		}
	}
	return nil
}

func snapshot(ctx context.Context, layout cluster.Layout, stdout io.Writer) error {
	lines, err := host.Snapshot(ctx, process.Owner(layout.Root))
	if err != nil {
		return err
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(stdout, line); err != nil {
			return err
		}
	}
	return nil
}
