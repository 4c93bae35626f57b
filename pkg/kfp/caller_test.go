package kfp

import (
	"encoding/base64"
	"reflect"
	"testing"
	"time"
)

// jwt is a token of three parts with these claims.
func jwt(claims string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2lnbmF0dXJl"
}

func TestCallerIsReadFromTheToken(t *testing.T) {
	const account = "system:serviceaccount:team-a:default-editor"
	for name, test := range map[string]struct {
		config Config
		want   Caller
		called string
	}{
		"nobody": {Config{}, Caller{}, "nobody"},
		"a user": {Config{User: "jane"}, Caller{User: "jane", Header: DefaultUserHeader}, "jane"},
		"an account": {
			Config{Token: constant(jwt(`{"sub":"` + account + `","aud":["kfp","other"],"exp":1700000000}`))},
			Caller{Token: true, Subject: account, Audiences: []string{"kfp", "other"}, Expires: time.Unix(1700000000, 0).UTC()}, account,
		},
		"one audience":        {Config{Token: constant(jwt(`{"aud":"kfp"}`))}, Caller{Token: true, Audiences: []string{"kfp"}}, "the holder of a token"},
		"no claims":           {Config{Token: constant(jwt(`[1]`))}, Caller{Token: true}, "the holder of a token"},
		"no JSON":             {Config{Token: constant(jwt(`hunter2`))}, Caller{Token: true}, "the holder of a token"},
		"no base64":           {Config{Token: constant("a.%%.c")}, Caller{Token: true}, "the holder of a token"},
		"opaque":              {Config{Token: constant("hunter2")}, Caller{Token: true}, "the holder of a token"},
		"a control character": {Config{Token: constant(jwt(`{"sub":"a\u001b[31m"}`))}, Caller{Token: true, Subject: "a [31m"}, "a [31m"},
	} {
		test.config.BaseURL = "http://kfp:8888"
		client, err := New(test.config)
		if err != nil {
			t.Fatal(err)
		}
		got, err := client.Caller()
		if err != nil || !reflect.DeepEqual(got, test.want) || got.Name() != test.called {
			t.Errorf("%s: %+v (%s), %v", name, got, got.Name(), err)
		}
	}
}

func TestCallerWithoutATokenIsAnError(t *testing.T) {
	client, err := New(Config{BaseURL: "http://kfp:8888", Token: TokenFile("absent")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Caller(); !NoToken(err) {
		t.Errorf("error %v", err)
	}
}

func constant(token string) func() (string, error) {
	return func() (string, error) { return token, nil }
}
