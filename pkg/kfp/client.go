// Package kfp calls the v2beta1 API of Kubeflow Pipelines (KFP) through its generated client, and tells
// of every call how long it took and how it ended. It knows the traps of both KFP 2.0 and 2.17: where
// their servers differ, it sends what both understand.
//
// It refuses to retry (a retried create call may create twice), to follow redirects (a login page is not
// an API), to send an identity where none is asked for (healthz, /metrics) or an empty one (which crashes the
// server), and to judge an error by its words.
package kfp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	httptransport "github.com/go-openapi/runtime/client"
	"github.com/go-openapi/strfmt"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/healthz_client"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/pipeline_upload_client"
)

// defaultTimeout is long because the server's own Kubernetes client lets only about five runs a second
// be created: 150 callers at once wait for half a minute without anything being wrong.
const defaultTimeout = 2 * time.Minute

// Config says where KFP is and who calls it.
type Config struct {
	// BaseURL is http(s)://host[:port][/path], without /apis.
	BaseURL string
	// InsecureSkipVerify accepts any certificate.
	InsecureSkipVerify bool
	// Authorities are certificates (PEM) that KFP's may be signed by, beside those that the system trusts.
	Authorities []byte
	// Token returns the bearer token for a call, such as TokenFile's; it must be safe for concurrent use. No
	// token is sent when it is nil.
	Token func() (string, error)
	// User is sent in UserHeader (DefaultUserHeader when empty), for installations that believe a header, and
	// not at all when it is empty. Where both are sent, KFP takes the header.
	User, UserHeader string
	// Introduce shows who we are to healthz, too, which asks nobody: a gateway in front of it may.
	Introduce bool
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
	// base, http and identity are what the generated clients are made from.
	base      *url.URL
	http      *http.Client
	identity  identity
	introduce bool

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
	if c.UserHeader == "" {
		c.UserHeader = DefaultUserHeader
	}
	if strings.ContainsFunc(c.User, unicode.IsControl) || !isHeader(c.UserHeader) {
		return nil, errors.New("the user of KFP or the name of its header cannot be sent in a header")
	}
	if c.Transport == nil {
		trust, err := c.trust()
		if err != nil {
			return nil, err
		}
		c.Transport = connections(trust)
	}
	plain := &http.Client{
		Transport:     recorder{c.Transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	client := &Client{
		timeout: c.Timeout, observe: c.Observe, watch: func(Call) {}, logger: c.Logger,
		counts: counts{plain, base.JoinPath("metrics").String(), c.UserAgent},
		base:   base, http: plain, introduce: c.Introduce,
		identity: identity{userAgent: c.UserAgent, token: c.Token, header: c.UserHeader, user: c.User},
	}
	client.connect()
	return client, nil
}

// connect makes the generated clients. Healthz asks nobody who they are.
func (c *Client) connect() {
	t := c.transport(c.identity)
	open := t
	if !c.introduce {
		open = c.transport(c.identity.anonymous())
	}
	c.healthz = healthz_client.New(open, strfmt.Default)
	c.uploads = pipeline_upload_client.New(t, strfmt.Default)
	c.services, c.undecoded = servicesOver(t), servicesOver(draining{t})
}

// transport is what carries the calls of one caller.
func (c *Client) transport(caller identity) transport {
	// With one scheme the generated clients cannot choose another: given two, they prefer https.
	swagger := httptransport.NewWithClient(c.base.Host, c.base.Path, []string{c.base.Scheme}, c.http)
	// The experiment client takes no identity with a call, so all get it by default.
	swagger.DefaultAuthentication = caller
	swagger.Consumers = consumers()
	swagger.Debug = false // else DEBUG in the environment makes it print requests, with the token in them
	return transport{swagger}
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
