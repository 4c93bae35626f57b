// Package conformance states, once, what the product relies on in a KFP API server. The same cases with
// the same assertions run against pkg/sandbox in `make test` and against a real KFP in `make e2e`: where
// the two differ, the sandbox is wrong.
//
// It relies on as little as the product does: it leaves alone what differs from one KFP release to another,
// and it never uploads text that is no YAML, which sends the server of KFP 2.0.5 into an endless loop.
package conformance

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

//go:embed testdata
var testdata embed.FS

// Server is a single-user KFP API server.
type Server struct {
	// URL is its base, without /apis.
	URL string
	// Patience is how long a run may take whose pipeline waits for a second, and a recurring run to make one
	// that is due every ten seconds.
	Patience time.Duration
	// Poll is the time between two looks at a run.
	Poll time.Duration
}

// Run runs every case as a sub-test. It leaves behind what it makes, under names that are unique.
func Run(t *testing.T, s Server) {
	client, err := kfp.New(kfp.Config{BaseURL: s.URL, UserAgent: "kubectl-kfpperf-conformance", Timeout: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	c := &suite{Server: s, client: client}
	t.Run("Health", c.health)
	t.Run("Pipelines", c.pipelines)
	t.Run("Versions", c.versions)
	t.Run("Experiments", c.experiments)
	t.Run("Runs", c.runs)
	t.Run("Terminations", c.terminations)
	t.Run("Lists", c.lists)
	t.Run("Pages", c.pages)
	t.Run("RecurringRuns", c.recurringRuns)
	t.Run("Absent", c.absent)
	t.Run("Deletions", c.deletions)
	t.Run("Descriptions", c.descriptions)
}

// suite is one server under test.
type suite struct {
	Server
	client *kfp.Client
}

// health is the only call that is answered before anybody is known.
func (c *suite) health(t *testing.T) {
	health, err := c.client.Health(t.Context())
	if err != nil || health.MultiUser {
		t.Fatalf("health is %+v, %v; want a single-user server", health, err)
	}
	told := get[struct {
		MultiUser *bool `json:"multi_user"`
	}](t, c, "/healthz", nil)
	if told.MultiUser == nil {
		t.Error("healthz does not tell whether it is multi-user")
	}
}

// unique returns a name that nobody else uses.
func unique(kind string) string {
	return "conformance-" + kind + "-" + strings.ToLower(rand.Text()[:10])
}

// refused fails the test unless a call was refused with one of the statuses, in words, and returns the gRPC
// code that came with them.
func refused(t *testing.T, err error, statuses ...int) (code int) {
	t.Helper()
	var failed *kfp.Error
	if !errors.As(err, &failed) {
		t.Fatalf("the call ended with %v (%T), want a refusal", err, err)
	}
	if !slices.Contains(statuses, failed.Status) {
		t.Errorf("refused with status %d, want one of %v: %v", failed.Status, statuses, failed)
	}
	if failed.Message == "" || failed.Message == http.StatusText(failed.Status) {
		t.Errorf("refused without a reason: %v", failed)
	}
	return failed.Code
}

// refusedByGateway is refused for the calls that KFP's gRPC gateway answers: it adds the gRPC code.
func refusedByGateway(t *testing.T, err error, status int) {
	t.Helper()
	// From google.golang.org/grpc/codes: invalid argument, not found, already exists, internal.
	codes := map[int]int{
		http.StatusBadRequest: 3, http.StatusNotFound: 5, http.StatusConflict: 6, http.StatusInternalServerError: 13,
	}
	if code := refused(t, err, status); code != codes[status] {
		t.Errorf("refused with gRPC code %d, want %d: %v", code, codes[status], err)
	}
}

// wire gets something without the product's client, and returns status and body.
func (c *suite) wire(t *testing.T, path string, query url.Values) (int, []byte) {
	t.Helper()
	return c.send(t, http.MethodGet, path+"?"+query.Encode())
}

// send makes a request without the product's client, also while a test cleans up.
func (c *suite) send(t *testing.T, method, path string) (int, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, c.URL+"/apis/v2beta1"+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body
}
