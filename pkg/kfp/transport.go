package kfp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/go-openapi/runtime"
	httptransport "github.com/go-openapi/runtime/client"
)

const (
	// maxRefusal is how much is read of an answer that refuses, so that its message is found.
	maxRefusal = 64 << 10
	// maxRest is how much is read past the end of an answer's JSON, so that the connection can be used
	// again.
	maxRest = 64 << 10
)

// recorder is the http.RoundTripper that notes in the exchange of a request what happens to it.
type recorder struct{ next http.RoundTripper }

// RoundTrip sends the request. Its time starts when the body is complete: making it is our own work.
func (r recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	x := exchangeOf(request.Context())
	x.method, x.path = request.Method, request.URL.Path
	request, err := complete(request)
	if err != nil {
		return nil, err
	}
	x.out = max(request.ContentLength, 0)
	x.sent = time.Now()
	response, err := r.next.RoundTrip(request)
	if err != nil {
		x.finish()
		return nil, err
	}
	x.status = response.StatusCode
	x.date = response.Header.Get("Date")
	// Every answer is decoded as JSON, whatever it is called: uploads are refused in JSON as text/plain, and
	// an answer whose type cannot be parsed would be lost, its status included.
	response.Header.Set("Content-Type", runtime.JSONMime)
	response.Body = responseBody{response.Body, x}
	return response, nil
}

// complete returns the request with its body in memory. go-openapi streams uploads through a pipe, without
// a length, and writes to the process's log when a server does not read to the end.
func complete(request *http.Request) (*http.Request, error) {
	if request.Body == nil || request.Body == http.NoBody {
		return request, nil
	}
	body, err := io.ReadAll(request.Body)
	if closeErr := request.Body.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, fmt.Errorf("making the request's body: %w", err)
	}
	request = request.WithContext(request.Context()) // a round tripper may not change the original
	request.ContentLength = int64(len(body))
	request.Body = io.NopCloser(bytes.NewReader(body))
	request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	return request, nil
}

// transport stands between the generated clients and go-openapi's runtime. The generated readers know two
// kinds of answer, 200 and an error in JSON: they lose the status of any other error, and panic on any
// other success.
type transport struct{ swagger *httptransport.Runtime }

// Submit implements runtime.ClientTransport.
func (t transport) Submit(operation *runtime.ClientOperation) (any, error) {
	operation.Reader = reader{operation.Reader}
	return t.swagger.Submit(operation)
}

// reader passes only a 200 on to the generated reader.
type reader struct{ generated runtime.ClientResponseReader }

// ReadResponse implements runtime.ClientResponseReader.
func (r reader) ReadResponse(response runtime.ClientResponse, consumer runtime.Consumer) (any, error) {
	body := response.Body()
	if response.Code() != http.StatusOK {
		content, err := io.ReadAll(io.LimitReader(body, maxRefusal))
		if err != nil {
			content = nil // the status says enough
		}
		return nil, refusalOf(content)
	}
	result, err := r.generated.ReadResponse(response, consumer)
	if err != nil {
		return nil, err
	}
	if _, err := io.CopyN(io.Discard, body, maxRest); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the end of the answer: %w", err)
	}
	return result, nil
}

// consumers decodes every answer as JSON: what is no JSON is not an answer.
func consumers() map[string]runtime.Consumer {
	decode := runtime.ConsumerFunc(func(body io.Reader, into any) error {
		err := json.NewDecoder(body).Decode(into)
		if errors.Is(err, io.EOF) {
			return io.ErrUnexpectedEOF // the generated readers take io.EOF for an answer
		}
		return err
	})
	return map[string]runtime.Consumer{runtime.JSONMime: decode}
}
