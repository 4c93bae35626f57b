//go:build e2e && !multiuser

package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// TestKFPBehindTLS has a Job reach KFP through a proxy whose certificate only the file of --kfp-ca-file vouches for.
func TestKFPBehindTLS(t *testing.T) {
	drive.NeedsOwnCluster(t) // the proxy is on the node
	node := strings.TrimSpace(drive.Kubectl(t, "get", "nodes", "-o", "jsonpath={.items[0].status.addresses[0].address}"))
	service := drive.Kubectl(t, "get", "service", "ml-pipeline", "-n", drive.KFPNamespace, "-o", "jsonpath={.spec.clusterIP}:{.spec.ports[0].port}")
	certificate, authority := certificateFor(t, node)
	proxy := httptest.NewUnstartedServer(httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: strings.TrimSpace(service)}))
	listener, err := net.Listen("tcp", node+":0")
	if err != nil {
		t.Fatal(err)
	}
	proxy.Listener.Close()
	proxy.Listener, proxy.TLS = listener, &tls.Config{Certificates: []tls.Certificate{certificate}}
	proxy.Config.ErrorLog = log.New(io.Discard, "", 0) // one of the callers below is to hang up on it
	proxy.StartTLS()
	t.Cleanup(proxy.Close)
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, authority, 0o600); err != nil {
		t.Fatal(err)
	}
	address := "https://" + listener.Addr().String()

	done := drive.Run(t, drive.UserNamespace, "smoke-noop.json", "--kfp-url", address, "--kfp-ca-file", file)
	done.Expect(t, drive.ExitDone, "2/2", "KFP at "+address)
	drive.Run(t, drive.UserNamespace, "smoke-noop.json", "--kfp-url", address, "--kfp-insecure-skip-tls-verify").Expect(t, drive.ExitDone, "2/2")
	stranger := drive.Run(t, drive.UserNamespace, "smoke-noop.json", "--kfp-url", address)
	stranger.ExpectCleanFailure(t, drive.UserNamespace, drive.ExitNoStart, "cannot be reached", "x509")
}

// certificateFor makes a certificate that vouches for itself.
func certificateFor(t *testing.T, address string) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP(address)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
