//go:build e2e && !multiuser

package faults

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// body replaces what the API server answers to a request; it returns it as it is, or something that reads from it. Of
// a request to execute something the answer is all that comes back.
type body func(*http.Request, io.ReadCloser) io.ReadCloser

// through stands between the plugin and the API server, as proxies and load balancers do, and returns a kubeconfig
// that leads there. It can look into what it passes on, since it is who the API server talks to.
func through(t *testing.T, change body) (kubeconfig string) {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		t.Fatal(err)
	}
	transport, err := rest.TransportFor(config)
	if err != nil {
		t.Fatal(err)
	}
	server, err := url.Parse(config.Host)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(server) },
		Transport:     transport,
		FlushInterval: -1,                         // log lines are passed on as they come
		ErrorLog:      log.New(io.Discard, "", 0), // it is here to fail
		ModifyResponse: func(r *http.Response) error {
			switch stream, both := r.Body.(io.ReadWriteCloser); {
			case r.StatusCode == http.StatusOK:
				r.Body = change(r.Request, r.Body)
			case r.StatusCode == http.StatusSwitchingProtocols && both:
				r.Body = duplex{change(r.Request, r.Body), stream}
			}
			return nil
		},
	})
	t.Cleanup(proxy.Close)
	file := filepath.Join(t.TempDir(), "kubeconfig")
	content := fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: there
contexts: [{name: there, context: {cluster: there, user: nobody}}]
clusters: [{name: there, cluster: {server: %q}}]
users: [{name: nobody, user: {}}]
`, proxy.URL)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// duplex is a stream in both directions of which the one that is read was replaced.
type duplex struct {
	io.ReadCloser
	io.Writer
}

// isLogOf reports whether a request is for the log of a container.
func isLogOf(r *http.Request, container string) bool {
	return strings.HasSuffix(r.URL.Path, "/log") && r.URL.Query().Get("container") == container
}
