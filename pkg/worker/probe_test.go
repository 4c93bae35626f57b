package worker

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

func TestAProbeTellsWhatItFinds(t *testing.T) {
	for name, test := range map[string]struct {
		multiUser bool
		status    int
		path      string
		want      string
	}{
		"single-user":  {false, 0, "", "KFP reachable pass, KFP identity pass, default experiment unknown"},
		"multi-user":   {true, 0, "", "KFP reachable pass, KFP identity pass, default experiment pass"},
		"no rights":    {true, 403, "/runs", "KFP reachable pass, KFP identity fail"},
		"in trouble":   {true, 500, "/runs", "KFP reachable pass, KFP identity unknown, default experiment pass"},
		"no KFP":       {false, 404, "/healthz", "KFP reachable fail"},
		"slow to list": {true, 500, "/experiments", "KFP reachable pass, KFP identity pass, default experiment unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t)
				s.multiUser = test.multiUser
				s.intercept = func(w http.ResponseWriter, r request) bool {
					return r.path == test.path && refuse(w, test.status, "no")
				}
				looking := options(t, s)
				looking.Document = nil // what is not carried out need not be there
				checks, err := Probe(t.Context(), looking)
				var got []string
				for _, check := range checks {
					got = append(got, fmt.Sprintf("%s %s", check.Name, check.Status))
				}
				if err != nil || strings.Join(got, ", ") != test.want {
					t.Errorf("%q, %v: %+v", got, err, checks)
				}
				if n := len(s.sawOf(http.MethodPost, "/pipelines/upload")); n > 0 {
					t.Error("a probe changed something")
				}
			})
		})
	}
}
