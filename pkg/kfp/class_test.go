package kfp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// refusing returns the address of a port on which nothing listens.
func refusing(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return "http://" + listener.Addr().String()
}

// blocked returns a server that answers nothing until the test ends, and a channel that says when a request
// has come.
func blocked(t *testing.T, beginning string) (*server, <-chan struct{}) {
	t.Helper()
	came, release := make(chan struct{}, 1), make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if beginning != "" {
			_, _ = w.Write([]byte(beginning))
			_ = http.NewResponseController(w).Flush()
		}
		came <- struct{}{}
		<-release
	})
	t.Cleanup(func() { close(release) }) // before the server's end, which waits for its handlers
	return s, came
}

// check compares what the caller and the observer got with what they should.
func check(t *testing.T, err error, told *witness, class string, status int, cause error) *Error {
	t.Helper()
	failed := failure(t, err)
	if failed.Class != class || failed.Status != status {
		t.Errorf("class %q, status %d: %v; want %q, %d", failed.Class, failed.Status, failed, class, status)
	}
	if cause != nil && !errors.Is(err, cause) {
		t.Errorf("%v is not %v", err, cause)
	}
	if got := told.only(t); got.Class != class || got.Status != status || got.Done.Before(got.Sent) || got.Sent.IsZero() {
		t.Errorf("the observer was told of %+v, want %q, %d", got, class, status)
	}
	if strings.ContainsAny(failed.Error(), "\n\x00") || strings.Contains(failed.Error(), "/apis/") {
		t.Errorf("says %q", failed)
	}
	return failed
}

func TestRefusedConnection(t *testing.T) {
	var told witness
	address := refusing(t)
	_, err := to(t, nil, Config{BaseURL: address, Observe: told.observe}).Health(t.Context())
	failed := check(t, err, &told, ClassRefused, 0, syscall.ECONNREFUSED)
	if want := "GetHealthz: dial tcp " + strings.TrimPrefix(address, "http://"); !strings.HasPrefix(failed.Error(), want) {
		t.Errorf("says %q, want %q …", failed, want)
	}
}

func TestTimeout(t *testing.T) {
	for name, beginning := range map[string]string{"before the answer": "", "within the answer": `{"multi_user":`} {
		t.Run(name, func(t *testing.T) {
			s, _ := blocked(t, beginning)
			var told witness
			status := http.StatusOK * min(len(beginning), 1)
			_, err := to(t, s, Config{Timeout: 50 * time.Millisecond, Observe: told.observe}).Health(t.Context())
			failed := check(t, err, &told, ClassTimeout, status, context.DeadlineExceeded)
			if !strings.HasPrefix(failed.Error(), "GetHealthz: no complete answer within ") {
				t.Errorf("says %q", failed)
			}
			if took := told.only(t).Done.Sub(told.only(t).Sent); took < 40*time.Millisecond || took > 5*time.Second {
				t.Errorf("gave up after %s", took)
			}
		})
	}
}

func TestDeadlineOfTheCallerIsATimeoutToo(t *testing.T) {
	s, _ := blocked(t, "")
	var told witness
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	_, err := to(t, s, Config{Observe: told.observe}).Health(ctx)
	check(t, err, &told, ClassTimeout, 0, context.DeadlineExceeded)
}

func TestCancellation(t *testing.T) {
	for name, beginning := range map[string]string{"before the answer": "", "within the answer": `{"multi_user":`} {
		t.Run(name, func(t *testing.T) {
			s, came := blocked(t, beginning)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() {
				<-came
				cancel()
			}()
			var told witness
			_, err := to(t, s, Config{Observe: told.observe}).Health(ctx)
			failed := failure(t, err)
			// The first bytes of an answer race with the end of the call.
			check(t, err, &told, ClassCanceled, failed.Status, context.Canceled)
			if failed.Error() != "GetHealthz: canceled" {
				t.Errorf("says %q", failed)
			}
		})
	}
}

func TestCallAfterTheEndIsNotSent(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range calls() {
		s := serve(t, ok(c.answer))
		var told witness
		check(t, c.call(ctx, to(t, s, Config{Observe: told.observe})), &told, ClassCanceled, 0, context.Canceled)
		if seen := s.requests(); len(seen) > 0 {
			t.Errorf("%s: %d requests were sent", c.name, len(seen))
		}
	}
}

func TestConnectionThatEndsWithoutAnAnswer(t *testing.T) {
	for name, written := range map[string]string{
		"nothing": "", "half a head": "HTTP/1.1 200 OK\r\nContent-",
		"no HTTP": "SSH-2.0-OpenSSH\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) { hangUp(w, written) })
			var told witness
			_, err := to(t, s, Config{Observe: told.observe}).CreateRun(t.Context(), NewRun{Name: "one"})
			check(t, err, &told, ClassConnection, 0, nil)
		})
	}
}

func TestConnectionThatEndsWithinAnAnswer(t *testing.T) {
	for name, written := range map[string]string{
		"with a length":      "Content-Length: 99\r\n\r\n{\"run_id\"",
		"in chunks":          "Transfer-Encoding: chunked\r\n\r\n9\r\n{\"run_id\"\r\n",
		"in a chunk":         "Transfer-Encoding: chunked\r\n\r\n99\r\n{\"run_id\"",
		"behind its content": "Content-Length: 99\r\n\r\n{\"run_id\":\"r\"}",
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				hangUp(w, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"+written)
			})
			var told witness
			_, err := to(t, s, Config{Observe: told.observe}).CreateRun(t.Context(), NewRun{Name: "one"})
			// The status tells the caller that the run may have been made.
			failed := check(t, err, &told, ClassConnection, http.StatusOK, io.ErrUnexpectedEOF)
			if failed.Error() != "CreateRun: the answer broke off: unexpected EOF" {
				t.Errorf("says %q", failed)
			}
			if told.only(t).BytesIn < 9 {
				t.Errorf("%d bytes were counted", told.only(t).BytesIn)
			}
		})
	}
}

func TestRefusalThatEndsInTheMiddleKeepsItsStatus(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		hangUp(w, "HTTP/1.1 503 Later\r\nContent-Length: 99\r\n\r\n{\"message")
	})
	var told witness
	_, err := to(t, s, Config{Observe: told.observe}).Health(t.Context())
	failed := check(t, err, &told, "http 503", http.StatusServiceUnavailable, nil)
	if failed.Error() != "GetHealthz: HTTP 503: Service Unavailable" {
		t.Errorf("says %q", failed)
	}
}

// TestClassFollowsFromTypes has the errors that a test cannot bring about on loopback.
func TestClassFollowsFromTypes(t *testing.T) {
	dialing := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for want, err := range map[string]error{
		ClassDNS:        dialing(&net.DNSError{Err: "no such host", Name: "kfp", IsNotFound: true}),
		ClassTimeout:    dialing(timedOut{}),
		ClassRefused:    dialing(wsaRefused),
		ClassTLS:        &net.OpError{Op: "remote error", Err: errors.New("tls: bad certificate")},
		ClassConnection: dialing(syscall.EHOSTUNREACH),
	} {
		if got := (&exchange{}).class(t.Context(), fmt.Errorf("asking: %w", err)); got != want {
			t.Errorf("%v is of class %q, want %q", err, got, want)
		}
	}
	slow := &net.DNSError{Err: "i/o timeout", Name: "kfp", IsTimeout: true}
	if got := (&exchange{}).class(t.Context(), dialing(slow)); got != ClassDNS {
		t.Errorf("a name server that does not answer is of class %q, want %q", got, ClassDNS)
	}
}

// timedOut is what a dialer says that waited for too long.
type timedOut struct{}

func (timedOut) Error() string   { return "i/o timeout" }
func (timedOut) Timeout() bool   { return true }
func (timedOut) Temporary() bool { return true }
