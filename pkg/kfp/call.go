package kfp

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Call is what happened in one API call.
type Call struct {
	// Operation is the API's name of it, such as CreateRun.
	Operation string
	// Sent is when the request started, connecting included; Done when the last byte of the answer was
	// read, or when there was nothing more to wait for.
	Sent, Done time.Time
	// Status is the HTTP status, 0 when none came.
	Status int
	// Class is empty for a success, else the class of its Error.
	Class string
	// BytesIn is what came of the answer's body, BytesOut the size of the request's.
	BytesIn, BytesOut int64
	// Date is the server's clock when it answered, in whole seconds; zero when the answer does not say.
	Date time.Time
}

// exchangeKey is the context key of an *exchange: the way from a call to the transport below the
// generated clients, which pass nothing else on.
type exchangeKey struct{}

// exchangeOf returns the exchange that a request belongs to.
func exchangeOf(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{}
}

// prefixSize is how much of an answer's body is kept as it came.
const prefixSize = 1024

// exchange is one request and its answer as the transport sees them.
type exchange struct {
	operation    string
	method, path string
	sent, done   time.Time
	status       int
	// date is as the answer has it: reading it would be part of the call's time.
	date    string
	in, out int64
	// prefix is the beginning of the answer's body.
	prefix []byte
	// broken is why the answer's body could not be read to its end.
	broken error
}

// end gives a call times that never came as far as the transport.
func (x *exchange) end() {
	if x.sent.IsZero() {
		x.sent = time.Now()
	}
	x.finish()
}

// finish notes that the answer is complete, once.
func (x *exchange) finish() {
	if x.done.IsZero() {
		x.done = time.Now()
	}
}

func (x *exchange) call(class string) Call {
	date, err := http.ParseTime(x.date)
	if err != nil {
		date = time.Time{}
	}
	return Call{
		Operation: x.operation, Sent: x.sent, Done: x.done, Status: x.status, Class: class,
		BytesIn: x.in, BytesOut: x.out, Date: date,
	}
}

// responseBody counts what comes back, and notes when and how it ends.
type responseBody struct {
	io.ReadCloser
	exchange *exchange
}

func (b responseBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	x := b.exchange
	x.in += int64(n)
	x.prefix = append(x.prefix, p[:min(n, prefixSize-len(x.prefix))]...)
	if err != nil {
		x.finish()
	}
	if err != nil && err != io.EOF { //nolint:errorlint // readers return io.EOF itself
		x.broken = err
	}
	return n, err
}

func (b responseBody) Close() error {
	b.exchange.finish()
	return b.ReadCloser.Close()
}
