package kfp

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

// refused is the error that a call gets of such an answer.
func refused(t *testing.T, status int, contentType, body string) *Error {
	t.Helper()
	s := serve(t, answers(status, contentType, body))
	var told witness
	_, err := to(t, s, Config{Observe: told.observe}).CreateRun(t.Context(), NewRun{Name: "one"})
	s.only(t)
	failed := failure(t, err)
	if got := told.only(t); got.Status != status || got.Class != failed.Class {
		t.Errorf("the observer was told of %+v, the caller of %+v", got, failed)
	}
	return failed
}

func TestRefusalTellsTheServersWordsWhateverTheirShape(t *testing.T) {
	const gateway = `{"error":"Invalid input error: no","code":3,"message":"Invalid input error: no","details":[` +
		`{"@type":"type.googleapis.com/google.rpc.Status","code":3,"message":"no"}]}`
	const upload = `{"error_message":"the name is taken","error_details":"Already exist error: the name is taken"}`
	for name, c := range map[string]struct {
		status            int
		contentType, body string
		code              int
		message           string
	}{
		"gateway":             {400, "application/json", gateway, 3, "Invalid input error: no"},
		"gateway, no type":    {500, "", gateway, 3, "Invalid input error: no"},
		"gateway, wrong type": {409, "text/html", gateway, 3, "Invalid input error: no"},
		"gateway, broken type": {
			409, "application/json; charset=utf-8; charset=utf-8", gateway, 3, "Invalid input error: no",
		},
		"upload of 2.0.5":        {500, "text/plain; charset=utf-8", upload, 0, "the name is taken"},
		"upload of 2.17":         {409, "application/json", upload, 0, "the name is taken"},
		"upload without message": {500, "text/plain", `{"error_details":"why"}`, 0, "why"},
		"code without message":   {404, "application/json", `{"code":5}`, 5, `{"code":5}`},
		"other JSON":             {401, "application/json", `{"error":"login"}`, 0, `{"error":"login"}`},
		"no object":              {401, "application/json", `["login"]`, 0, `["login"]`},
		"null":                   {401, "application/json", `null`, 0, `null`},
		"text of Envoy":          {503, "text/plain", "no healthy upstream", 0, "no healthy upstream"},
		"page":                   {502, "text/html", "<html>\r\n<h1>Bad\tGateway</h1>", 0, "<html> <h1>Bad Gateway</h1>"},
		"nothing":                {504, "", "", 0, "Gateway Timeout"},
		"spaces":                 {504, "text/plain", " \n", 0, "Gateway Timeout"},
		"half of JSON":           {500, "application/json", `{"code":13,"mess`, 0, `{"code":13,"mess`},
		"a status that is not 200, though it is no error": {201, "application/json", `{"run_id":"r"}`, 0, `{"run_id":"r"}`},
		"redirection without a place":                     {302, "text/plain", "elsewhere", 0, "elsewhere"},
	} {
		t.Run(name, func(t *testing.T) {
			got := refused(t, c.status, c.contentType, c.body)
			if got.Operation != "CreateRun" || got.Status != c.status || got.Code != c.code || got.Message != c.message {
				t.Errorf("got %+v, want status %d, code %d, %q", got, c.status, c.code, c.message)
			}
			want := fmt.Sprintf("http %d", c.status)
			if c.code != 0 {
				want += map[int]string{3: " INVALID_ARGUMENT", 5: " NOT_FOUND"}[c.code]
			}
			if got.Class != want {
				t.Errorf("class %q, want %q", got.Class, want)
			}
			if want := fmt.Sprintf("CreateRun: HTTP %d: %s", c.status, c.message); got.Error() != want {
				t.Errorf("says %q, want %q", got, want)
			}
		})
	}
}

func TestRefusalIsOnePrintableLine(t *testing.T) {
	for body, want := range map[string]string{
		"red \x1b[31malarm\x1b[0m\x07":   "red [31malarm [0m",
		"two\nlines\r\nand\ttabs\x00":    "two lines and tabs",
		"right \u202eto left\u2066":      "right to left",
		"separated\u2028by\u2029Unicode": "separated by Unicode",
		"no UTF-8: \xff\xfe.":            "no UTF-8: \ufffd.",
		"  spaces \u00a0 around  ":       "spaces around",
		"zwölf Boxkämpfer, 日本語, ½ and 🙂": "zwölf Boxkämpfer, 日本語, ½ and 🙂",
	} {
		if got := refused(t, 500, "text/plain", body).Message; got != want {
			t.Errorf("%q became %q, want %q", body, got, want)
		}
	}
}

func TestLongRefusalIsCutBetweenCharacters(t *testing.T) {
	for _, text := range []string{strings.Repeat("x", 501), strings.Repeat("é", 300), "xx" + strings.Repeat("🙂", 20_000)} {
		got := refused(t, 500, "text/plain", text).Message
		if len(got) > maxMessage || len(got) < maxMessage-utf8.UTFMax || !utf8.ValidString(got) || strings.ContainsRune(got, utf8.RuneError) {
			t.Errorf("%d bytes: %q", len(got), got)
		}
		if kept, cut := strings.CutSuffix(got, "…"); !cut || !strings.HasPrefix(text, kept) {
			t.Errorf("%q is not the beginning of the message", got)
		}
	}
	whole := strings.Repeat("x", maxMessage)
	if got := refused(t, 500, "text/plain", whole).Message; got != whole {
		t.Errorf("%d bytes became %d", len(whole), len(got))
	}
}

func TestHugeRefusalIsNotReadToItsEnd(t *testing.T) {
	s := serve(t, answers(http.StatusBadGateway, "text/html", strings.Repeat("<p>", 1<<20)))
	var told witness
	_, err := to(t, s, Config{Observe: told.observe}).Health(t.Context())
	if failed := failure(t, err); failed.Class != "http 502" {
		t.Errorf("class %q", failed.Class)
	}
	if got := told.only(t).BytesIn; got != maxRefusal {
		t.Errorf("%d bytes were read, want %d", got, maxRefusal)
	}
}
