package sandbox

import (
	"fmt"
	"net/http"
)

// The gRPC codes that the server answers with, from google.golang.org/grpc/codes.
const (
	codeCanceled        = 1
	codeUnknown         = 2
	codeInvalid         = 3
	codeNotFound        = 5
	codeExists          = 6
	codeDenied          = 7
	codeAborted         = 10
	codeInternal        = 13
	codeUnavailable     = 14
	codeUnauthenticated = 16
)

// statusGone is what nginx says to callers that do not wait for their answer. Nobody reads it.
const statusGone = 499

// codeOf returns the code that goes with a status.
func codeOf(status int) int {
	switch status {
	case http.StatusBadRequest:
		return codeInvalid
	case http.StatusUnauthorized:
		return codeUnauthenticated
	case http.StatusForbidden:
		return codeDenied
	case http.StatusNotFound:
		return codeNotFound
	case http.StatusConflict:
		return codeExists
	case http.StatusInternalServerError:
		return codeInternal
	case http.StatusServiceUnavailable:
		return codeUnavailable
	}
	return codeUnknown
}

// refusal is a request that was not fulfilled.
type refusal struct {
	// status is the HTTP status, code the gRPC code that the gateway adds.
	status, code int
	message      string
}

func invalid(format string, values ...any) *refusal {
	return &refusal{http.StatusBadRequest, codeInvalid, "Invalid input error: " + fmt.Sprintf(format, values...)}
}

func notFound(format string, values ...any) *refusal {
	return &refusal{http.StatusNotFound, codeNotFound, "ResourceNotFoundError: " + fmt.Sprintf(format, values...)}
}

func exists(format string, values ...any) *refusal {
	return &refusal{http.StatusConflict, codeExists, "Already exist error: " + fmt.Sprintf(format, values...)}
}

// internal is also what KFP 2.0.5 makes of some errors that are the client's.
func internal(format string, values ...any) *refusal {
	return &refusal{http.StatusInternalServerError, codeInternal, "InternalServerError: " + fmt.Sprintf(format, values...)}
}

// with gives a refusal another status, as KFP's upload server does whatever the reason is.
func (r *refusal) with(status int) *refusal {
	if r.status == statusGone {
		return r
	}
	return &refusal{status, r.code, r.message}
}

// writeAsGateway sends the refusal in the shape of KFP's gRPC gateway.
func (r *refusal) writeAsGateway(w http.ResponseWriter) {
	write(w, r.status, "application/json", map[string]any{
		"error": r.message, "code": r.code, "message": r.message,
		"details": []any{map[string]any{"@type": "type.googleapis.com/google.rpc.Status", "code": r.code, "message": r.message}},
	})
}

// writeAsUpload sends the refusal in the shape of KFP's upload server: no code, and JSON called text.
func (r *refusal) writeAsUpload(w http.ResponseWriter) {
	write(w, r.status, "text/plain; charset=utf-8", map[string]any{
		"error_message": r.message, "error_details": r.message,
	})
}
