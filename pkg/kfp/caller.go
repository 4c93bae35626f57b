package kfp

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// Caller is who a client says it is, as far as it knows. A server may see it otherwise.
type Caller struct {
	// User and Header are what is sent as the user's name; empty when no header is.
	User, Header string
	// Token says that a bearer token is sent. The rest is what stands in it, where it is a JSON Web Token
	// (RFC 7519), as those of service accounts are.
	Token bool
	// Subject is the account, such as system:serviceaccount:team-a:default-editor.
	Subject string
	// Audiences are whom the token is for.
	Audiences []string
	// Expires is the end of the token's life; zero when it does not say.
	Expires time.Time
}

// Name is what people call the caller.
func (c Caller) Name() string {
	switch {
	case c.User != "":
		return c.User
	case c.Subject != "":
		return c.Subject
	case c.Token:
		return "the holder of a token"
	}
	return "nobody"
}

// Caller returns who the client says it is. The token itself is not part of it. Its error is the token
// source's.
func (c *Client) Caller() (Caller, error) {
	caller := Caller{User: c.identity.user}
	if caller.User != "" {
		caller.Header = c.identity.header
	}
	if c.identity.token == nil {
		return caller, nil
	}
	caller.Token = true
	token, err := c.identity.token()
	if err != nil {
		return caller, &tokenError{err}
	}
	caller.read(token)
	return caller, nil
}

// read takes from a token what it says of itself. Nobody vouches for it: the server will judge.
func (c *Caller) read(token string) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return
	}
	var claims struct {
		Subject  string    `json:"sub"`
		Audience audiences `json:"aud"`
		Expires  float64   `json:"exp"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return
	}
	c.Subject = printable(claims.Subject)
	for _, audience := range claims.Audience {
		c.Audiences = append(c.Audiences, printable(audience))
	}
	if claims.Expires > 0 {
		c.Expires = time.Unix(int64(claims.Expires), 0).UTC()
	}
}

// audiences is one string or several.
type audiences []string

// UnmarshalJSON implements json.Unmarshaler.
func (a *audiences) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*a = audiences{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(a))
}

// NoToken reports whether a call was not sent because its token could not be had.
func NoToken(err error) bool {
	var token *tokenError
	return errors.As(err, &token)
}
