package cluster

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestModeAt(t *testing.T) {
	for _, test := range []struct {
		status int
		body   string
		mode   Mode
		fails  bool
	}{
		{http.StatusOK, `{"commit_sha":"unknown", "tag_name":"unknown", "multi_user":true}`, MultiUser, false},
		{http.StatusOK, `{"commit_sha":"unknown", "tag_name":"unknown", "multi_user":false}`, SingleUser, false},
		{http.StatusServiceUnavailable, `{"multi_user":true}`, SingleUser, true},
		{http.StatusOK, `not yet`, SingleUser, true},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !r.Close {
				t.Error("the connection is to be kept")
			}
			w.WriteHeader(test.status)
			_, _ = w.Write([]byte(test.body))
		}))
		mode, err := modeAt(t.Context(), server.URL)
		server.Close()
		if mode != test.mode || (err != nil) != test.fails {
			t.Errorf("%d %s: %s, %v", test.status, test.body, mode, err)
		}
	}
}
