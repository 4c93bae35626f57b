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

// DefaultUserHeader is the header that a standard installation of Kubeflow takes a user's name from.
const DefaultUserHeader = "kubeflow-userid"

// identity writes who we are into each request that asks for it.
type identity struct {
	userAgent string
	// token returns the bearer token; nil when none is to be sent.
	token func() (string, error)
	// user is sent in header, unless it is empty: an empty one crashes the server.
	header, user string
}

// anonymous is the same caller without a name.
func (i identity) anonymous() identity { return identity{userAgent: i.userAgent} }

// errNoToken is why a token is useless.
var errNoToken = errors.New("it holds no token")

// tokenError says that the token could not be had; nothing was sent then.
type tokenError struct{ err error }

func (e *tokenError) Error() string { return "reading the service-account token: " + e.err.Error() }

func (e *tokenError) Unwrap() error { return e.err }

// TokenFile returns a token source that reads a file anew for each call, since tokens in files rotate.
func TokenFile(file string) func() (string, error) {
	return func() (string, error) {
		content, err := os.ReadFile(file) //nolint:gosec // the caller names it
		if err != nil {
			return "", err
		}
		token := strings.TrimSpace(string(content))
		if token == "" || strings.ContainsFunc(token, notInToken) {
			return "", fmt.Errorf("%s: %w", file, errNoToken)
		}
		return token, nil
	}
}

// notInToken reports whether a character would end a header, or makes it another.
func notInToken(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// AuthenticateRequest implements runtime.ClientAuthInfoWriter.
func (i identity) AuthenticateRequest(request runtime.ClientRequest, _ strfmt.Registry) error {
	if i.userAgent != "" {
		if err := request.SetHeaderParam("User-Agent", i.userAgent); err != nil {
			return err
		}
	}
	if i.user != "" {
		if err := request.SetHeaderParam(i.header, i.user); err != nil {
			return err
		}
	}
	if i.token == nil {
		return nil
	}
	token, err := i.token()
	if err != nil {
		return &tokenError{err}
	}
	return request.SetHeaderParam("Authorization", "Bearer "+token)
}

// Named reports whether a user is named in a header.
func (c *Client) Named() bool { return c.identity.user != "" }

// Anonymous returns a client that shares the connections of c and sends nobody's identity: a single-user
// server asks for none, and what it does not need it is not shown.
func (c *Client) Anonymous() *Client {
	other := *c
	other.identity = c.identity.anonymous()
	other.connect()
	return &other
}
