package pki

import (
	"crypto/x509"
	"encoding/pem"
	"testing"
)

func TestIssueIsTrustedForItsHosts(t *testing.T) {
	authority, err := NewAuthority("test")
	if err != nil {
		t.Fatal(err)
	}
	pair, err := authority.Issue(Identity{User: "kube-apiserver", Hosts: []string{"10.96.0.1", "kubernetes.default"}})
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(pair.Cert)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.Cert())
	for _, host := range []string{"10.96.0.1", "kubernetes.default"} {
		if _, err := cert.Verify(x509.VerifyOptions{Roots: roots, DNSName: host}); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	if _, err := cert.Verify(x509.VerifyOptions{Roots: roots, DNSName: "10.96.0.2"}); err == nil {
		t.Error("trusted for a host it does not name")
	}
}
