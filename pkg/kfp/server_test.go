package kfp

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// request is what a server saw of a call.
type request struct {
	method, path, protocol string
	query                  url.Values
	header                 http.Header
	body                   []byte
}

// server keeps what it sees and answers it all with one handler.
type server struct {
	*httptest.Server
	mu   sync.Mutex
	seen []request
}

// serve starts a server that ends with the test.
func serve(t *testing.T, answer http.HandlerFunc) *server {
	t.Helper()
	s := unstarted(answer)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// unstarted returns a server that is to be started in a way of the test's own.
func unstarted(answer http.HandlerFunc) *server {
	s := &server{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.seen = append(s.seen, request{r.Method, r.URL.EscapedPath(), r.Proto, r.URL.Query(), r.Header, body})
		s.mu.Unlock()
		answer(w, r)
	}))
	return s
}

// requests returns what came so far.
func (s *server) requests() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}

// only returns the one request that came.
func (s *server) only(t *testing.T) request {
	t.Helper()
	seen := s.requests()
	if len(seen) != 1 {
		t.Fatalf("%d requests came, want 1: %+v", len(seen), seen)
	}
	return seen[0]
}

// answers returns a handler that always says the same.
func answers(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// ok answers 200 in JSON.
func ok(body string) http.HandlerFunc { return answers(http.StatusOK, "application/json", body) }

// hangUp ends the connection without an answer, or in the middle of one.
func hangUp(w http.ResponseWriter, written string) {
	connection, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_, _ = io.WriteString(connection, written)
		_ = connection.Close()
	}
}

// to returns a client of the server with the rest of the configuration as given.
func to(t *testing.T, s *server, c Config) *Client {
	t.Helper()
	if c.BaseURL == "" {
		c.BaseURL = s.URL
	}
	client, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// quiet keeps the handshakes that a test wants to fail out of its output.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// countNew returns what counts the connections that a server accepts.
func countNew(n *atomic.Int32) func(net.Conn, http.ConnState) {
	return func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			n.Add(1)
		}
	}
}
