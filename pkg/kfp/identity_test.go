package kfp

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tokenFile returns a file that holds a token.
func tokenFile(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "token")
	write(t, file, content)
	return file
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// demanding are the calls that show who they are: all but that of healthz, which asks nobody.
func demanding() []sent {
	return slices.DeleteFunc(calls(), func(c sent) bool { return c.name == "health" })
}

func TestHealthIsAskedByNobody(t *testing.T) {
	s := serve(t, ok(`{}`))
	if _, err := to(t, s, Config{Token: TokenFile("absent"), User: "jane"}).Health(t.Context()); err != nil {
		t.Fatal(err)
	}
	if header := s.only(t).header; header.Get("Authorization") != "" || header.Get(DefaultUserHeader) != "" {
		t.Errorf("sent %v", header)
	}
}

func TestTokenIsSentTrimmedWithEveryCall(t *testing.T) {
	file := tokenFile(t, " one.two.three\r\n\n")
	for _, c := range demanding() {
		s := serve(t, ok(c.answer))
		if err := c.call(t.Context(), to(t, s, Config{Token: TokenFile(file)})); err != nil {
			t.Fatal(err)
		}
		if got := s.only(t).header["Authorization"]; len(got) != 1 || got[0] != "Bearer one.two.three" {
			t.Errorf("%s: sent Authorization %q", c.name, got)
		}
	}
}

func TestTokenIsReadAnewForEveryCall(t *testing.T) {
	file := tokenFile(t, "first")
	s := serve(t, ok(`{}`))
	client := to(t, s, Config{Token: TokenFile(file)})
	for _, token := range []string{"first", "second"} {
		write(t, file, token)
		if err := client.Fetch(t.Context(), Runs, "r", ""); err != nil {
			t.Fatal(err)
		}
	}
	seen := s.requests()
	for i, want := range []string{"Bearer first", "Bearer second"} {
		if got := seen[i].header.Get("Authorization"); got != want {
			t.Errorf("call %d was sent with %q, want %q", i, got, want)
		}
	}
}

func TestTokenFileOfNoUseSendsNothing(t *testing.T) {
	absent := filepath.Join(t.TempDir(), "absent")
	for name, c := range map[string]struct {
		file  string
		cause error
	}{
		"absent":                {absent, fs.ErrNotExist},
		"a folder":              {t.TempDir(), nil},
		"empty":                 {tokenFile(t, ""), errNoToken},
		"blank":                 {tokenFile(t, " \n"), errNoToken},
		"more than one word":    {tokenFile(t, "secret-one secret-two"), errNoToken},
		"more than one line":    {tokenFile(t, "secret-one\r\nX-Evil: yes"), errNoToken},
		"a control character":   {tokenFile(t, "secret-one\x00"), errNoToken},
		"a file of another use": {tokenFile(t, "{\n  \"secret-one\": 1\n}"), errNoToken},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, ok(`{}`))
			var told witness
			client := to(t, s, Config{Token: TokenFile(c.file), Observe: told.observe})
			for _, call := range demanding() {
				failed := failure(t, call.call(t.Context(), client))
				if failed.Class != ClassToken || failed.Status != 0 {
					t.Errorf("%s: class %q, status %d", call.name, failed.Class, failed.Status)
				}
				if c.cause != nil && !errors.Is(failed, c.cause) {
					t.Errorf("%s: %v is not %v", call.name, failed, c.cause)
				}
				if strings.Contains(failed.Error(), "secret") || !strings.Contains(failed.Error(), c.file) {
					t.Errorf("%s: says %q", call.name, failed)
				}
			}
			if seen := s.requests(); len(seen) > 0 {
				t.Errorf("%d requests were sent", len(seen))
			}
			if len(told.calls) != len(demanding()) {
				t.Errorf("the observer was told %d times of %d calls", len(told.calls), len(demanding()))
			}
		})
	}
}

func TestUserIsSentInTheHeaderThatItIsLookedForIn(t *testing.T) {
	for header, want := range map[string]string{"": "kubeflow-userid", "x-goog-authenticated-user-email": "x-goog-authenticated-user-email"} {
		for _, c := range demanding() {
			s := serve(t, ok(c.answer))
			if err := c.call(t.Context(), to(t, s, Config{User: "jane@example.com", UserHeader: header})); err != nil {
				t.Fatal(err)
			}
			if got := s.only(t).header; got.Get(want) != "jane@example.com" || got.Get("Authorization") != "" {
				t.Errorf("%s: sent %v", c.name, got)
			}
		}
	}
}

func TestAnEmptyUserIsNeverSent(t *testing.T) {
	s := serve(t, ok(`{}`))
	if err := to(t, s, Config{UserHeader: "kubeflow-userid"}).Fetch(t.Context(), Runs, "r", ""); err != nil {
		t.Fatal(err)
	}
	if got, sent := s.only(t).header["Kubeflow-Userid"]; sent {
		t.Errorf("sent %q, which crashes the server", got)
	}
}

func TestAnonymousShowsNothing(t *testing.T) {
	for _, c := range calls() {
		s := serve(t, ok(c.answer))
		client := to(t, s, Config{Token: TokenFile(tokenFile(t, "secret")), User: "jane", UserAgent: "me/1"}).Anonymous()
		if err := c.call(t.Context(), client); err != nil {
			t.Fatal(err)
		}
		if got := s.only(t).header; got.Get("Authorization") != "" || got.Get("kubeflow-userid") != "" || got.Get("User-Agent") != "me/1" {
			t.Errorf("%s: sent %v", c.name, got)
		}
	}
}

func TestHealthIsIntroducedToWhereThatIsAskedFor(t *testing.T) {
	s := serve(t, ok(`{}`))
	if _, err := to(t, s, Config{Token: TokenFile(tokenFile(t, "secret")), Introduce: true}).Health(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.only(t).header.Get("Authorization"); got != "Bearer secret" {
		t.Errorf("sent %q", got)
	}
}
