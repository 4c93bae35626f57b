package kfp

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode"

	"github.com/go-openapi/runtime"
	"github.com/go-openapi/strfmt"
)

// identity writes who we are into each request. There is no kubeflow-userid header among it: the server
// trusts that one blindly and crashes when it is empty, so only the proxy in front of it may set it.
type identity struct{ tokenFile, userAgent string }

// errNoToken is why a token file is useless.
var errNoToken = errors.New("it holds no token")

// tokenError says that the token could not be read; nothing was sent then.
type tokenError struct{ err error }

func (e *tokenError) Error() string { return "reading the service-account token: " + e.err.Error() }

func (e *tokenError) Unwrap() error { return e.err }

// AuthenticateRequest implements runtime.ClientAuthInfoWriter.
func (i identity) AuthenticateRequest(request runtime.ClientRequest, _ strfmt.Registry) error {
	if i.userAgent != "" {
		if err := request.SetHeaderParam("User-Agent", i.userAgent); err != nil {
			return err
		}
	}
	if i.tokenFile == "" {
		return nil
	}
	content, err := os.ReadFile(i.tokenFile)
	if err != nil {
		return &tokenError{err}
	}
	token := strings.TrimSpace(string(content))
	if token == "" || strings.ContainsFunc(token, unicode.IsSpace) || strings.ContainsFunc(token, unicode.IsControl) {
		return &tokenError{fmt.Errorf("%s: %w", i.tokenFile, errNoToken)}
	}
	return request.SetHeaderParam("Authorization", "Bearer "+token)
}
