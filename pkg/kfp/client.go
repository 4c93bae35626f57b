// Package kfp calls the v2beta1 API of Kubeflow Pipelines (KFP) through its generated client, and tells
// of every call how long it took and how it ended. It knows the traps of both KFP 2.0 and 2.17: where
// their servers differ, it sends what both understand.
//
// It refuses to retry (a retried create call may create twice), to follow redirects (a login page is not
// an API), to send an identity of its own making (no kubeflow-userid header: an empty one crashes the
// server), and to judge an error by its words.
package kfp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	httptransport "github.com/go-openapi/runtime/client"
	"github.com/go-openapi/strfmt"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/healthz_client"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/pipeline_upload_client"
)

// defaultTimeout is long because the server's own Kubernetes client lets only about five runs a second
// be created: 150 callers at once wait for half a minute without anything being wrong.
const defaultTimeout = 2 * time.Minute

// maxIdle is how many idle connections are kept. The standard library keeps two a host; with more callers
// than that every call would pay for a new connection.
const maxIdle = 1024

// Config says where KFP is and who calls it.
type Config struct {
	// BaseURL is http(s)://host[:port][/path], without /apis.
	BaseURL string
	// InsecureSkipVerify accepts any certificate.
	InsecureSkipVerify bool
	// TokenFile holds a bearer token. It is read for each call, since tokens in files rotate. No token is
	// sent when it is empty.
	TokenFile string
	// UserAgent is what the server logs of the caller.
	UserAgent string
	// Timeout bounds each call; 2 minutes when zero.
	Timeout time.Duration
	// Transport carries the requests; connections to BaseURL when nil. A server in this process needs none.
	Transport http.RoundTripper
	// Observe is told of each call when it is over, failed ones included. It may be nil; else it must be
	// safe for concurrent use.
	Observe func(Call)
	// Logger gets a debug line a call, without credentials. It may be nil.
	Logger *slog.Logger
}

// Client calls one KFP API server. It is safe for concurrent use.
type Client struct {
	timeout time.Duration
	observe func(Call)
	watch   func(Call)
	logger  *slog.Logger
	// counts are what Metrics asks for.
	counts counts

	healthz *healthz_client.Healthz
	uploads *pipeline_upload_client.PipelineUpload
	services
	// undecoded are the same services for calls of whose answers nobody looks at the content.
	undecoded services
}

// New returns a client. Its errors are faults of the configuration; nothing is sent yet.
func New(c Config) (*Client, error) {
	base, err := parseBase(c.BaseURL)
	if err != nil {
		return nil, err
	}
	if c.Timeout < 0 {
		return nil, fmt.Errorf("the timeout is %s; it must not be negative", c.Timeout)
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Observe == nil {
		c.Observe = func(Call) {}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Transport == nil {
		c.Transport = connections(c.InsecureSkipVerify)
	}
	// With one scheme the generated clients cannot choose another: given two, they prefer https.
	plain := &http.Client{
		Transport:     recorder{c.Transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	swagger := httptransport.NewWithClient(base.Host, base.Path, []string{base.Scheme}, plain)
	// The experiment client takes no identity with a call, so all get it by default.
	swagger.DefaultAuthentication = identity{tokenFile: c.TokenFile, userAgent: c.UserAgent}
	swagger.Consumers = consumers()
	swagger.Debug = false // else DEBUG in the environment makes it print requests, with the token in them
	t := transport{swagger}
	return &Client{
		timeout: c.Timeout, observe: c.Observe, watch: func(Call) {}, logger: c.Logger,
		counts:    counts{plain, base.JoinPath("metrics").String(), c.UserAgent},
		healthz:   healthz_client.New(t, strfmt.Default),
		uploads:   pipeline_upload_client.New(t, strfmt.Default),
		services:  servicesOver(t),
		undecoded: servicesOver(draining{t}),
	}, nil
}

// parseBase refuses what would be lost or leaked. The URL is not part of the errors: it may hold a
// password.
func parseBase(text string) (*url.URL, error) {
	base, err := url.Parse(text)
	switch {
	case err != nil || base.Hostname() == "" || base.Scheme != "http" && base.Scheme != "https":
		return nil, errors.New("the URL of KFP is not of the form http(s)://host[:port][/path]")
	case base.User != nil:
		return nil, errors.New("the URL of KFP holds credentials, which KFP does not read; leave them out")
	case base.RawQuery != "" || base.Fragment != "":
		return nil, errors.New("the URL of KFP has a query or a fragment; leave it out")
	case strings.ContainsAny(base.Path, "%?#"):
		// The runtime of the generated clients decodes the path more than once.
		return nil, errors.New("the URL of KFP has an encoded %, ? or # in its path, which would be lost")
	}
	return base, nil
}

// connections returns what sends requests. HTTP/2 stays off, as it is in KFP's own SDK: one connection a
// caller is what the server is to be loaded with. Compression stays off so that bytes are counted as they
// travel.
func connections(insecure bool) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		TLSHandshakeTimeout: 10 * time.Second,
		TLSClientConfig: &tls.Config{
			MinVersion:         tls.VersionTLS12,
			InsecureSkipVerify: insecure, //nolint:gosec // the caller asked for it
		},
		MaxIdleConns:        maxIdle,
		MaxIdleConnsPerHost: maxIdle,
		IdleConnTimeout:     90 * time.Second,
		DisableCompression:  true,
	}
}

// call carries out one API call within the timeout and tells the observer of it. Whatever do returns as
// an error becomes an *Error.
func call[T any](ctx context.Context, c *Client, operation string, do func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	x := &exchange{operation: operation}
	result, err := do(context.WithValue(ctx, exchangeKey{}, x))
	x.end()
	if err != nil {
		failed := x.failure(ctx, err)
		c.tell(ctx, x, failed.Class)
		var none T
		return none, failed
	}
	c.tell(ctx, x, "")
	return result, nil
}

// tell passes a finished call on to the observer, the watch and the log.
func (c *Client) tell(ctx context.Context, x *exchange, class string) {
	told := x.call(class)
	c.observe(told)
	c.watch(told)
	c.logger.LogAttrs(ctx, slog.LevelDebug, "KFP call",
		slog.String("operation", told.Operation),
		slog.String("method", x.method), slog.String("path", x.path),
		slog.Int("status", told.Status), slog.String("class", told.Class),
		slog.Duration("took", told.Done.Sub(told.Sent)),
	)
}
