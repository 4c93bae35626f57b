// Package inprocess brings a client and a server together without a network, so that one bubble of
// testing/synctest can hold both: in it, time passes only when everything waits, and nothing waits for a
// socket.
package inprocess

import (
	"io"
	"net/http"
	"net/http/httptest"
	"time"
)

// Transport is an http.RoundTripper that asks a handler. A handler that panics with http.ErrAbortHandler is
// a connection that is lost.
type Transport struct{ http.Handler }

// RoundTrip implements http.RoundTripper. The handler works in the caller's goroutine, and ends early when
// the request's context does: the caller would not wait for it either.
func (t Transport) RoundTrip(request *http.Request) (response *http.Response, err error) {
	defer func() {
		switch cause := recover(); cause {
		case nil:
		case http.ErrAbortHandler:
			response, err = nil, io.ErrUnexpectedEOF
		default:
			panic(cause)
		}
	}()
	request = request.Clone(request.Context())
	if request.Body == nil {
		request.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	t.ServeHTTP(recorder, request)
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	response = recorder.Result()
	if _, said := response.Header["Date"]; !said { // as net/http's server does
		response.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	return response, nil
}
