package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
)

// anyPort is a free port of the loopback address.
const anyPort = "127.0.0.1:0"

// withSandbox serves an embedded KFP on a free port of the loopback address while use runs.
func withSandbox(ctx context.Context, options sandbox.Options, use func(url string) error) error {
	return serveSandbox(ctx, anyPort, options, func(_ context.Context, address net.Addr) error {
		return use("http://" + address.String())
	})
}

// inSandbox runs a scenario against an embedded KFP. One that names namespaces gets users, and one token that may
// do everything in all of them.
func (o *runOptions) inSandbox(ctx context.Context, p plan) error {
	options := sandbox.Options{Speed: float64(o.speed), Seed: p.document.Seed}
	serve := func() error {
		return withSandbox(ctx, options, func(url string) error {
			o.kfp.url = url
			return o.inThisProcess(ctx, p)
		})
	}
	if len(p.document.Namespaces()) == 0 {
		return serve()
	}
	o.sandboxToken = rand.Text()
	options.MultiUser, options.Tokens = true, map[string][]string{o.sandboxToken: p.namespaces}
	return serve()
}

// sandboxTokens shows the token of an embedded KFP with users.
func (o *runOptions) sandboxTokens() func() (string, error) {
	if o.sandboxToken == "" {
		return nil
	}
	return func() (string, error) { return o.sandboxToken, nil }
}

// serveSandbox serves an embedded KFP at an address while use runs. Its context ends when nothing is served any
// more.
func serveSandbox(ctx context.Context, listen string, options sandbox.Options, use func(context.Context, net.Addr) error) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return fmt.Errorf("opening the sandbox: %w", err)
	}
	server := &http.Server{Handler: sandbox.New(options), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	serving, end := context.WithCancel(ctx)
	go func() {
		defer end()
		served <- server.Serve(listener)
	}()
	err = use(serving, listener.Addr())
	err = errors.Join(err, server.Close())
	if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, fmt.Errorf("serving the sandbox: %w", ended))
	}
	return err
}
