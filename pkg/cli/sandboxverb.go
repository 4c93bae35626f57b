package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// sandboxOptions are the flags of sandbox.
type sandboxOptions struct {
	program
	listen         string
	speed          speed
	seed           uint64
	tokens         tokens
	latency        byOperation[sandbox.Latency]
	errorRate      byOperation[sandbox.ErrorRate]
	stalls         stalls
	throttle       throttle
	persistenceLag time.Duration
	listCost       time.Duration
	latencyLog     string
}

func (p program) newSandboxOptions() *sandboxOptions {
	return &sandboxOptions{
		program: p, listen: "127.0.0.1:8888", speed: 1,
		latency:   newByOperation("MEDIAN[,SIGMA]", parseLatency),
		errorRate: newByOperation("SHARE[,STATUS]", parseErrorRate),
	}
}

func (p program) sandboxCommand() *cobra.Command {
	o := p.newSandboxOptions()
	command := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve an embedded KFP until Ctrl-C",
		Long: `Serves an embedded Kubeflow Pipelines (KFP) v2beta1 API until Ctrl-C, and prints its URL. It executes
nothing: runs only take their time. What it keeps is gone in the end. By default it answers as fast as it can; flags
make it as slow and as faulty as a real one can be.`,
		Example: `  kubectl kfpperf sandbox
  kubectl kfpperf sandbox --throttle 5,10 --persistence-lag 10s
  kubectl kfpperf sandbox --latency 20ms,0.5 --latency CreateRun=200ms,0.5 --error-rate 1% --stall 60s-65s`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.validate(); err != nil {
				return &usageError{err}
			}
			return o.run(c.Context())
		},
	}
	o.addFlags(command.Flags())
	return command
}

func (o *sandboxOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.listen, "listen", o.listen, "address to serve at; port 0 is any that is free")
	flags.Var(&o.speed, flagSpeed, "how many times as fast time runs for runs and schedules; calls take the time they take")
	flags.Uint64Var(&o.seed, "seed", 0, "makes ids, latencies and errors repeatable; 0 is another one each time")
	flags.Var(&o.tokens, "token", "be multi-user: the holder of the token may use the namespace; may be repeated")
	flags.Var(&o.latency, "latency", "how long calls take, lognormal with a sigma, such as CreateRun=200ms,0.5; may be repeated")
	flags.Var(&o.errorRate, "error-rate", "how many calls fail, such as CreateRun=1%,500; with 503 without a status; may be repeated")
	flags.Var(&o.stalls, "stall", "when nobody is answered, counted from the start, such as 30s-35s; may be repeated")
	flags.Var(&o.throttle, "throttle", "of KFP's clients of Kubernetes, such as 5,10, which is what they have unless KFP is installed otherwise")
	flags.DurationVar(&o.persistenceLag, "persistence-lag", 0, "how late the state of a run becomes visible")
	flags.DurationVar(&o.listCost, "list-cost", 0, "what a list takes for each row that it looks through, such as 10us")
	flags.StringVar(&o.latencyLog, "latency-log", "", "CSV file to write what was injected into each call to; it is complete when the sandbox has ended")
}

// validate looks at nothing but the options that are more than one value.
func (o *sandboxOptions) validate() error {
	if _, _, err := net.SplitHostPort(o.listen); err != nil {
		return fmt.Errorf("--listen is %q; expected HOST:PORT, such as 127.0.0.1:8888", o.listen)
	}
	if o.persistenceLag < 0 || o.listCost < 0 {
		return errors.New("--persistence-lag and --list-cost are not negative")
	}
	return nil
}

// server returns what the flags mean to the sandbox.
func (o *sandboxOptions) server() sandbox.Options {
	return sandbox.Options{
		Speed: float64(o.speed), Seed: o.seed, MultiUser: len(o.tokens) > 0, Tokens: o.tokens,
		Latency: o.latency.values, ErrorRate: o.errorRate.values, Stalls: o.stalls, Throttle: sandbox.Throttle(o.throttle),
		PersistenceLag: o.persistenceLag, ListCost: o.listCost,
	}
}

// run serves the sandbox, and completes its log on every way out.
func (o *sandboxOptions) run(ctx context.Context) (err error) {
	options := o.server()
	if o.latencyLog != "" {
		log, opening := newLatencyLog(o.latencyLog)
		if opening != nil {
			return opening
		}
		defer func() { err = errors.Join(err, log.close()) }()
		options.Injected = log.add
	}
	return serveSandbox(ctx, o.listen, options, o.serve)
}

// serve tells where the sandbox is, and waits until it is to end. The URL alone goes to stdout.
func (o *sandboxOptions) serve(ctx context.Context, address net.Addr) error {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return err
	}
	console := newConsole(o.streams.ErrOut, newLogOptions(), slog.DiscardHandler)
	ip := net.ParseIP(host)
	if ip.IsUnspecified() {
		host = "localhost"
	}
	url := "http://" + net.JoinHostPort(host, port)
	if _, err := fmt.Fprintln(o.streams.Out, url); err != nil {
		return fmt.Errorf("printing to stdout: %w", err)
	}
	mode, more := "single-user", ""
	if len(o.tokens) > 0 {
		mode, more = "multi-user", " --"+flagTokenFile+" FILE"
	}
	console.done("an embedded KFP answers there, %s, time runs %s, until Ctrl-C", mode, o.speed.String())
	console.command("load it with:", fmt.Sprintf("%s run smoke.json --local --%s %s%s", displayName, flagKFPURL, url, more))
	if !ip.IsLoopback() && len(o.tokens) == 0 {
		console.warn("whoever reaches %s can use it: it knows no users without --token", address)
	}
	<-ctx.Done()
	return nil
}
