package cluster

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"testing"
)

func TestAuthoritiesDoNotVouchForEachOthersNames(t *testing.T) {
	layout := Layout{Root: t.TempDir()}
	if err := os.MkdirAll(layout.state("certs"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := layout.writeCerts(); err != nil {
		t.Fatal(err)
	}
	read := func(name string) []byte {
		data, err := os.ReadFile(layout.state("certs", name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	for cert, its := range map[string]string{"kubelet-client.crt": "ca.crt", "aggregator.crt": "aggregator-ca.crt"} {
		block, _ := pem.Decode(read(cert))
		parsed, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		for _, authority := range []string{"ca.crt", "aggregator-ca.crt"} {
			roots := x509.NewCertPool()
			roots.AppendCertsFromPEM(read(authority))
			usages := []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
			_, err := parsed.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: usages})
			if trusted := err == nil; trusted != (authority == its) {
				t.Errorf("%s trusts %s: %t (%v)", authority, cert, trusted, err)
			}
		}
	}
}
