package kfp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Classes of errors that have no HTTP status. The others are "http", the status, and the name of the gRPC
// code where the server gave one, such as "http 503 UNAVAILABLE".
const (
	ClassTimeout    = "timeout"
	ClassCanceled   = "canceled"
	ClassRefused    = "connection refused"
	ClassDNS        = "dns"
	ClassTLS        = "tls"
	ClassConnection = "connection"
	// ClassDecode is a 200 whose body is not what the operation answers. What was asked may have been
	// done.
	ClassDecode = "decode"
	// ClassToken is a token file that could not be used; nothing was sent.
	ClassToken = "token"
)

// Error is a call that failed. Its class comes from types and codes, never from words, so calls that
// failed alike are counted alike.
type Error struct {
	Operation string
	// Status is the HTTP status, 0 when none came. With a status of 200 the answer could not be read or
	// understood: what was asked may have been done.
	Status int
	// Code is the gRPC code that the server gave beside the status, 0 when it gave none (uploads never
	// do).
	Code int
	// Class is what calls that failed alike are counted under.
	Class string
	// Message is the server's own message, or what went wrong on the way; at most 500 bytes, without
	// control characters.
	Message string

	err error
}

// Error is one line that names the operation.
func (e *Error) Error() string {
	if e.Status != 0 && e.Status != http.StatusOK {
		return fmt.Sprintf("%s: HTTP %d: %s", e.Operation, e.Status, e.Message)
	}
	return e.Operation + ": " + e.Message
}

// Unwrap returns the cause, such as context.Canceled.
func (e *Error) Unwrap() error { return e.err }

// StatusOf returns the HTTP status that a call failed with, 0 when none came or err is no Error.
func StatusOf(err error) int {
	var failed *Error
	if !errors.As(err, &failed) {
		return 0
	}
	return failed.Status
}

// refusal is an answer with a status other than 200.
type refusal struct {
	code    int
	message string
}

func (r *refusal) Error() string { return r.message }

// refusalOf reads the two shapes of KFP's error bodies; anything else, such as a proxy's text, is its own
// message.
func refusalOf(body []byte) *refusal {
	var told struct {
		Code         int    `json:"code"`
		Message      string `json:"message"`
		ErrorMessage string `json:"error_message"`
		ErrorDetails string `json:"error_details"`
	}
	if err := json.Unmarshal(body, &told); err != nil {
		return &refusal{message: string(body)}
	}
	for _, message := range []string{told.Message, told.ErrorMessage, told.ErrorDetails} {
		if message != "" {
			return &refusal{told.Code, message}
		}
	}
	return &refusal{told.Code, string(body)}
}

// failure turns what a generated client returned into an Error.
func (x *exchange) failure(ctx context.Context, err error) *Error {
	e := &Error{Operation: x.operation, Status: x.status, Class: x.class(ctx, err), err: err}
	var refused *refusal
	var asked *url.Error
	switch {
	case errors.As(err, &refused):
		e.Code, e.Message = refused.code, refused.message
		if name := codeName(refused.code); name != "" {
			e.Class += " " + name
		}
	case e.Class == ClassTimeout:
		e.Message = fmt.Sprintf("no complete answer within %s", x.done.Sub(x.sent).Round(time.Millisecond))
	case e.Class == ClassCanceled:
		e.Message = "canceled"
	case e.Class == ClassDecode:
		e.Message = "the answer is not what KFP answers: " + err.Error()
	case x.broken != nil:
		e.Message = "the answer broke off: " + x.broken.Error()
	case errors.As(err, &asked):
		e.Message = asked.Err.Error() // without the URL, which is long with a filter in it
	default:
		e.Message = err.Error()
	}
	if e.Message = printable(e.Message); e.Message == "" {
		e.Message = http.StatusText(e.Status)
	}
	return e
}

// class sorts an error. A status comes first: it was the server's answer, whatever happened afterwards.
func (x *exchange) class(ctx context.Context, err error) string {
	var token *tokenError
	var timeout net.Error
	var dns *net.DNSError
	switch {
	case x.status != 0 && x.status != http.StatusOK:
		return fmt.Sprintf("http %d", x.status)
	case x.status == http.StatusOK && x.broken == nil:
		return ClassDecode
	case errors.As(err, &token):
		return ClassToken
	case errors.Is(ctx.Err(), context.Canceled):
		return ClassCanceled
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return ClassTimeout
	case errors.As(err, &dns):
		return ClassDNS
	case isTLS(err):
		return ClassTLS
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, wsaRefused):
		return ClassRefused
	case errors.As(err, &timeout) && timeout.Timeout():
		return ClassTimeout
	}
	return ClassConnection
}

// codeName returns the name of a gRPC code (google/rpc/code.proto), empty for what is none.
func codeName(code int) string {
	names := strings.Fields(`CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS
		PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL
		UNAVAILABLE DATA_LOSS UNAUTHENTICATED`)
	if code < 1 || code > len(names) {
		return ""
	}
	return names[code-1]
}

// wsaRefused is WSAECONNREFUSED, which Windows says where others say ECONNREFUSED.
const wsaRefused = syscall.Errno(10061)

// isTLS reports whether a handshake failed, by our doing or the server's.
func isTLS(err error) bool {
	var certificate *tls.CertificateVerificationError
	var header tls.RecordHeaderError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var alert *net.OpError
	return errors.As(err, &certificate) || errors.As(err, &header) || errors.As(err, &authority) ||
		errors.As(err, &host) || errors.Is(err, http.ErrSchemeMismatch) ||
		errors.As(err, &alert) && (alert.Op == "remote error" || alert.Op == "local error")
}
