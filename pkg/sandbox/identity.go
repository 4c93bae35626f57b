package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// authorize refuses a caller who may not use a namespace. A server without users asks nobody.
func (s *Server) authorize(r *http.Request, namespace string) *refusal {
	if !s.options.MultiUser {
		return nil
	}
	if namespace == "" {
		return invalid("there cannot be an empty namespace in multi-user mode")
	}
	token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found {
		return &refusal{http.StatusUnauthorized, codeUnauthenticated,
			"Unauthenticated: Failed to check authorization. User identity is empty in the request header"}
	}
	if refused := s.reviews.pass(r.Context()); refused != nil {
		return refused
	}
	namespaces, known := s.options.Tokens[token]
	switch {
	case !known:
		return &refusal{http.StatusUnauthorized, codeUnauthenticated,
			"Unauthenticated: Request header error: Failed to review the token provided"}
	case !slices.Contains(namespaces, namespace):
		return &refusal{http.StatusForbidden, codeDenied,
			"PermissionDenied: User is not authorized in namespace " + namespace + ": Unauthorized access"}
	}
	return nil
}

// namespaceOf returns the namespace that a request names, which means nothing to a server without users.
func (s *Server) namespaceOf(named string) string {
	if !s.options.MultiUser {
		return ""
	}
	return named
}
