package cli

import (
	"context"
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
