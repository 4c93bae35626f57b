//go:build e2e && !multiuser

package e2e

import "testing"

// kfpGet asks KFP's server, without the product's client, through the API server's proxy.
func kfpGet(t *testing.T, path string) string {
	t.Helper()
	return kubectl(t, "get", "--raw", "/api/v1/namespaces/"+kfpNamespace+"/services/http:ml-pipeline:8888/proxy"+path)
}
