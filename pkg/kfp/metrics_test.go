package kfp

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

func TestMetricsAreFetchedAsTheyAre(t *testing.T) {
	const text = "# TYPE run_server_create_requests counter\nrun_server_create_requests 7\n"
	for base, path := range map[string]string{"": "/metrics", "/": "/metrics", "/pipeline": "/pipeline/metrics"} {
		s := serve(t, answers(http.StatusOK, "text/plain; version=0.0.4", text))
		var told witness
		client := to(t, s, Config{BaseURL: s.URL + base, Token: TokenFile(tokenFile(t, "secret")), UserAgent: "me/1", Observe: told.observe})
		got, err := client.Metrics(t.Context())
		if err != nil || got != text {
			t.Errorf("%q, %v", got, err)
		}
		r := s.only(t)
		if r.method != http.MethodGet || r.path != path || r.header.Get("User-Agent") != "me/1" {
			t.Errorf("asked %s %s with %v, want %s", r.method, r.path, r.header, path)
		}
		if r.header.Get("Authorization") != "" {
			t.Error("the token was shown, which nobody asks for")
		}
		if !strings.HasPrefix(r.header.Get("Accept"), "text/plain") {
			t.Errorf("accepts %q", r.header.Get("Accept"))
		}
		if c := told.only(t); c.Operation != "GetMetrics" || c.Status != 200 || c.Class != "" || c.BytesIn != int64(len(text)) {
			t.Errorf("told of %+v", c)
		}
	}
}

func TestMetricsThatAreRefusedTellTheirStatus(t *testing.T) {
	for _, status := range []int{http.StatusFound, http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable} {
		s := serve(t, answers(status, "text/plain", "404 page not found\n"))
		text, err := to(t, s, Config{}).Metrics(t.Context())
		failed := failure(t, err)
		if text != "" || StatusOf(err) != status || failed.Message != "404 page not found" {
			t.Errorf("%d: %q, %v", status, text, err)
		}
		s.only(t)
	}
}

func TestMetricsThatBreakOffOrNeverEndAreNone(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		class  string
	}{
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			hangUp(w, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na 1")
		}, ClassConnection},
		"endless": {ok(strings.Repeat("a 1\n", maxMetrics/4) + "a"), ClassDecode},
	} {
		text, err := to(t, serve(t, c.answer), Config{}).Metrics(t.Context())
		if text != "" || failure(t, err).Class != c.class {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
	}
	longest := strings.Repeat("a 1\n", maxMetrics/4)
	if text, err := to(t, serve(t, ok(longest)), Config{}).Metrics(t.Context()); err != nil || text != longest {
		t.Errorf("the longest that is allowed: %d bytes, %v", len(text), err)
	}
}

func TestMetricsAreAskedForOnTheConnectionOfTheCalls(t *testing.T) {
	var connections atomic.Int32
	s := unstarted(ok("{}"))
	s.Config.ConnState = countNew(&connections)
	s.Start()
	t.Cleanup(s.Close)
	client := to(t, s, Config{})
	for range 2 {
		if _, err := client.Metrics(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Health(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if connections.Load() != 1 {
		t.Errorf("four calls, one after the other, took %d connections", connections.Load())
	}
}
