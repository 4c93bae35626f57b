package kfp

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/run_client/run_service"
)

// BenchmarkGetRun has one caller that gets a run of 1 KB over loopback, decoded and drained, beside what the
// standard library needs for the same. The server's share is in all of them.
func BenchmarkGetRun(b *testing.B) {
	body := runOfSize(1024)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}))
	b.Cleanup(server.Close)
	client, err := New(Config{BaseURL: server.URL})
	if err != nil {
		b.Fatal(err)
	}
	measure := func(name string, get func(context.Context) error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if err := get(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	measure("decoded", func(ctx context.Context) error { return fetchDecoded(ctx, client) })
	measure("drained", func(ctx context.Context) error { return client.Fetch(ctx, Runs, "r", "") })
	bare := &http.Client{Transport: connections(&tls.Config{MinVersion: tls.VersionTLS12})}
	measure("bare", func(ctx context.Context) error { return fetchBare(ctx, bare, server.URL+runs+"/r") })
}

// fetchDecoded is what Fetch would be if it looked at the answer.
func fetchDecoded(ctx context.Context, c *Client) error {
	_, err := call(ctx, c, Runs.GetOperation(), func(ctx context.Context) (Run, error) {
		answer, err := c.runs.RunService.GetRun(run_service.NewGetRunParamsWithContext(ctx).WithRunID("r"), nil)
		if err != nil {
			return Run{}, err
		}
		return runOf(answer.Payload), nil
	})
	return err
}

func fetchBare(ctx context.Context, c *http.Client, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := c.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

// runOfSize returns a run as KFP 2.0.5 writes one that has ended, of about as many bytes.
func runOfSize(size int) string {
	const run = `{"experiment_id":"91cc97c4-a31b-4229-ace1-9fa0735e4e57","run_id":"a79ec7fc-c7d9-4f05-acdf-1db4eee685f6",` +
		`"display_name":"one","storage_state":"AVAILABLE","pipeline_version_reference":{"pipeline_id":` +
		`"7460c981-0f1a-4cad-a69b-c890688fbfa6","pipeline_version_id":"632ba21a-fdf2-4d15-910a-4a79cbcab13f"},` +
		`"runtime_config":{"parameters":{"greeting":"hello","count":1}},"service_account":"pipeline-runner",` +
		`"created_at":"2026-01-02T03:04:05Z","scheduled_at":"1970-01-01T00:00:00Z","finished_at":"2026-01-02T03:04:09Z",` +
		`"state":"SUCCEEDED","state_history":[%s]}`
	const state = `{"update_time":"2026-01-02T03:04:05Z","state":"RUNNING"}`
	states := max(1, (size-len(run))/(len(state)+1))
	return fmt.Sprintf(run, strings.Repeat(state+",", states-1)+state)
}
