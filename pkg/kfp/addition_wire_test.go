package kfp

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
)

func TestEachAdditionSendsWhatBothVersionsUnderstand(t *testing.T) {
	for _, c := range additions() {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, ok(c.answer))
			var told witness
			client := to(t, s, Config{UserAgent: "kfpperf/1", Token: TokenFile(tokenFile(t, "secret")), Observe: told.observe})
			if err := c.call(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			got := s.only(t)
			if got.method != c.method || got.path != c.path || !reflect.DeepEqual(got.query, c.query) {
				t.Errorf("sent %s %s %v\nwant %s %s %v", got.method, got.path, got.query, c.method, c.path, c.query)
			}
			if !sameJSON(t, string(got.body), c.body) {
				t.Errorf("sent %s\nwant %s", got.body, c.body)
			}
			header := got.header
			if header.Get("User-Agent") != "kfpperf/1" || header.Get("Authorization") != "Bearer secret" || header["Kubeflow-Userid"] != nil {
				t.Errorf("headers %v", header)
			}
			call := told.only(t)
			if call.Operation != c.operation || call.Status != http.StatusOK || call.Class != "" {
				t.Errorf("told of %+v, want %s", call, c.operation)
			}
			if call.BytesIn != int64(len(c.answer)) || call.BytesOut != int64(len(got.body)) {
				t.Errorf("told of %d bytes in and %d out, there were %d and %d", call.BytesIn, call.BytesOut, len(c.answer), len(got.body))
			}
		})
	}
}

func TestRefusalOfAnAdditionIsClassed(t *testing.T) {
	for _, status := range []int{201, 204, 302, 400, 404, 500, 503} {
		for _, c := range additions() {
			body, class := `{"code":14,"message":"later"}`, fmt.Sprintf("http %d UNAVAILABLE", status)
			if status == http.StatusNoContent {
				body, class = "", "http 204"
			}
			s := serve(t, answers(status, "text/plain", body))
			var told witness
			err := c.call(t.Context(), to(t, s, Config{Observe: told.observe}))
			failed := check(t, err, &told, class, status, nil)
			if failed.Operation != c.operation || body != "" && (failed.Code != 14 || failed.Message != "later") {
				t.Errorf("%s: %+v", c.name, failed)
			}
			s.only(t)
		}
	}
}

func TestContentIsLookedAtUnlessDrained(t *testing.T) {
	for _, body := range []string{"", "<!DOCTYPE html><title>Log in</title>", `{"half":`} {
		for _, c := range additions() {
			var told witness
			err := c.call(t.Context(), to(t, serve(t, ok(body)), Config{Observe: told.observe}))
			if !c.drained {
				check(t, err, &told, ClassDecode, http.StatusOK, nil)
			} else if err != nil {
				t.Errorf("%s, %q: %v", c.name, body, err)
			}
			if got := told.only(t); got.BytesIn != int64(len(body)) {
				t.Errorf("%s: %d bytes were counted of %d", c.name, got.BytesIn, len(body))
			}
		}
	}
}

func TestAnswerOfAnAdditionThatBreaksOff(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	for name, written := range map[string]string{
		"with a length":      "Content-Length: 99\r\n\r\n{\"a\":",
		"in a chunk":         "Transfer-Encoding: chunked\r\n\r\n99\r\n{\"a\":",
		"in a long answer":   "Content-Length: 999999\r\n\r\n{\"a\":\"" + long,
		"behind its content": "Content-Length: 99\r\n\r\n{\"recurring_run_id\":\"s\"}",
	} {
		t.Run(name, func(t *testing.T) {
			for _, c := range additions() {
				s := serve(t, func(w http.ResponseWriter, _ *http.Request) { hangUp(w, "HTTP/1.1 200 OK\r\n"+written) })
				var told witness
				err := c.call(t.Context(), to(t, s, Config{Observe: told.observe}))
				failed := check(t, err, &told, ClassConnection, http.StatusOK, io.ErrUnexpectedEOF)
				if failed.Error() != c.operation+": the answer broke off: unexpected EOF" {
					t.Errorf("says %q", failed)
				}
				s.only(t)
			}
		})
	}
}

func TestAdditionAfterTheEndIsNotSent(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range additions() {
		s := serve(t, ok(c.answer))
		var told witness
		check(t, c.call(ctx, to(t, s, Config{Observe: told.observe})), &told, ClassCanceled, 0, context.Canceled)
		if seen := s.requests(); len(seen) > 0 {
			t.Errorf("%s: %d requests were sent", c.name, len(seen))
		}
	}
}

func TestAdditionsUseOneConnection(t *testing.T) {
	var connections atomic.Int32
	// More than what is read past the end of an answer.
	long := `{"recurring_run_id":"s","more":"` + strings.Repeat("x", 3*maxRest) + `"}`
	s := unstarted(ok(long))
	s.Config.ConnState = countNew(&connections)
	s.Start()
	t.Cleanup(s.Close)
	var told witness
	client := to(t, s, Config{Observe: told.observe})
	all := additions()
	for _, c := range all {
		if err := c.call(t.Context(), client); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if connections.Load() != 1 {
		t.Errorf("%d calls, one after the other, took %d connections", len(all), connections.Load())
	}
	for _, call := range told.calls {
		if call.BytesIn != int64(len(long)) {
			t.Errorf("%s: %d bytes were counted of %d", call.Operation, call.BytesIn, len(long))
		}
	}
}
