//go:build e2e && !multiuser

package faults

import (
	"bytes"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// garbage is what no terminal should be shown: it moves the cursor, rings, is not UTF-8, and does not end.
func garbage(size int) []byte {
	return bytes.Repeat([]byte("\x1b[2J\x1b]0;title\x07\r\x00\xff\xfe\u202e\u0085"), size/24)
}

func TestNamesThatAreGarbage(t *testing.T) {
	f := meet(t, "scenario or pipeline names full of control characters, megabytes long or not UTF-8")
	namespace := drive.NewNamespace(t)
	long := strings.Repeat("n", 3<<20)
	for name, content := range map[string]string{
		"control characters": `{"name": "\u001b[31mred\u0007\r\n", "scenarios": [{"mode": "PIPELINE_RUN", "pipelineFileName": "noop.yaml"}]}`,
		"megabytes":          `{"name": "` + long + `", "scenarios": [{"mode": "PIPELINE_RUN", "pipelineFileName": "noop.yaml"}]}`,
		"not UTF-8":          "{\"name\": \"\xff\xfe\", \"scenarios\": [{\"mode\": \"PIPELINE_RUN\", \"pipelineFileName\": \"noop.yaml\"}]}",
		"a pipeline":         `[{"mode": "PIPELINE_RUN", "pipelineFileName": "\u001b[2J\u0007.yaml"}]`,
		"a long pipeline":    `[{"mode": "PIPELINE_RUN", "pipelineFileName": "` + long + `.yaml"}]`,
		"garbage":            string(garbage(1 << 20)),
	} {
		done := drive.Run(t, namespace, drive.ScenarioFile(t, "hostile.json", content))
		if done.Code != drive.ExitUsage {
			t.Errorf("%s: exit %d", name, done.Code)
		}
		tidy(t, done.Stdout+done.Stderr)
	}
	f.row.Result, f.row.Exit, f.row.Noticed = none, drive.ExitUsage, "at once, before anything is started"
}

func TestServerErrorThatIsGarbage(t *testing.T) {
	f := meet(t, "a server error of 3 MB, full of control characters and not UTF-8")
	node := strings.TrimSpace(drive.Kubectl(t, "get", "nodes", "-o", "jsonpath={.items[0].status.addresses[0].address}"))
	service := strings.TrimSpace(drive.Kubectl(t, "get", "service", "ml-pipeline", "-n", drive.KFPNamespace, "-o", "jsonpath={.spec.clusterIP}:{.spec.ports[0].port}"))
	listener, err := net.Listen("tcp", node+":0")
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: service})
	proxy.ErrorLog = log.New(io.Discard, "", 0)
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write(garbage(3 << 20)) // who asked may have had enough
			return
		}
		proxy.ServeHTTP(w, r)
	})}}
	server.Start()
	t.Cleanup(server.Close)
	namespace := drive.NewNamespace(t)
	file := drive.ScenarioFile(t, "refused.json", `[{"mode": "PIPELINE_RUN", "runTime": "5s", "numTimes": 3, "pipelineFileName": "noop.yaml"}]`)
	done := drive.Run(t, namespace, file, "--kfp-url", "http://"+listener.Addr().String())
	f.row.Noticed = "at once, with the start of what the server said"
	document := f.ends(done, namespace, ending{code: drive.ExitThreshold, result: complete, verdict: result.Failed})
	const legible = "title" // of the garbage
	if failure := document.Entries[0].Failure; !strings.Contains(failure, legible) || !strings.Contains(done.Stderr, legible) {
		t.Errorf("what the server said is not told; the entry failed by %q", failure)
	} else {
		tidy(t, failure)
	}
	if size := len(done.File(t)); size > 1<<20 {
		t.Errorf("the result has %d bytes", size)
	}
}
