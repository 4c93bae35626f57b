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

// withSandbox serves an embedded KFP on a free port of the loopback address while use runs.
func withSandbox(ctx context.Context, options sandbox.Options, use func(url string) error) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("opening the sandbox: %w", err)
	}
	server := &http.Server{Handler: sandbox.New(options), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	err = use("http://" + listener.Addr().String())
	err = errors.Join(err, server.Close())
	if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, fmt.Errorf("serving the sandbox: %w", ended))
	}
	return err
}
