package kfp

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

func TestRedirectionIsNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		var followed atomic.Int32
		login := serve(t, func(http.ResponseWriter, *http.Request) { followed.Add(1) })
		for _, c := range calls() {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, login.URL+"/login", status) })
			var told witness
			client := to(t, s, Config{Token: TokenFile(tokenFile(t, "secret")), Observe: told.observe})
			check(t, c.call(t.Context(), client), &told, fmt.Sprintf("http %d", status), status, nil)
			s.only(t)
		}
		if followed.Load() > 0 {
			t.Errorf("%d was followed", status)
		}
	}
}

func TestCallThatFailsIsNotSentAgain(t *testing.T) {
	for name, fail := range map[string]func(http.ResponseWriter){
		"500": func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) },
		"503 with an invitation to come back": func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
		},
		"429":        func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) },
		"decode":     func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) },
		"no answer":  func(w http.ResponseWriter) { hangUp(w, "") },
		"cut answer": func(w http.ResponseWriter) { hangUp(w, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{") },
	} {
		t.Run(name, func(t *testing.T) {
			for _, c := range calls() {
				s := serve(t, func(w http.ResponseWriter, _ *http.Request) { fail(w) })
				failure(t, c.call(t.Context(), to(t, s, Config{})))
				s.only(t)
			}
		})
	}
}

// TestCreateCallOnAnOldConnectionIsNotSentAgain is about the standard library, which may repeat a request
// whose connection was idle before and ended without an answer. A create call must not be.
func TestCreateCallOnAnOldConnectionIsNotSentAgain(t *testing.T) {
	for _, c := range calls() {
		if c.method != http.MethodPost {
			continue
		}
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				hangUp(w, "")
				return
			}
			ok(`{}`)(w, r)
		})
		client := to(t, s, Config{})
		if _, err := client.Health(t.Context()); err != nil {
			t.Fatal(err)
		}
		if failed := failure(t, c.call(t.Context(), client)); failed.Class != ClassConnection {
			t.Errorf("%s: class %q", c.name, failed.Class)
		}
		if seen := s.requests(); len(seen) != 2 {
			t.Errorf("%s: %d requests came, want the one for health and one", c.name, len(seen))
		}
	}
}

func TestConnectionIsUsedAgain(t *testing.T) {
	var connections atomic.Int32
	s := unstarted(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			answers(http.StatusConflict, "application/json", `{"code":6,"message":"taken"}`)(w, r)
			return
		}
		ok("{}\n")(w, r)
	})
	s.Config.ConnState = countNew(&connections)
	s.Start()
	t.Cleanup(s.Close)
	client := to(t, s, Config{})
	for range 3 {
		for _, c := range calls() {
			_ = c.call(t.Context(), client)
		}
	}
	if connections.Load() != 1 {
		t.Errorf("%d calls, one after the other, took %d connections", 3*len(calls()), connections.Load())
	}
}

func TestTimeoutIsLongUnlessSaid(t *testing.T) {
	if got := to(t, nil, Config{BaseURL: "http://kfp"}).timeout; got != 2*time.Minute {
		t.Errorf("a call may take %s", got)
	}
	if got := to(t, nil, Config{BaseURL: "http://kfp", Timeout: time.Second}).timeout; got != time.Second {
		t.Errorf("a call may take %s", got)
	}
}
