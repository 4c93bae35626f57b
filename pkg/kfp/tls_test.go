package kfp

import (
	"crypto/tls"
	"encoding/pem"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestCertificateOfAStrangerIsAClassOfItsOwn(t *testing.T) {
	s := startTLS(t, nil)
	var told witness
	_, err := to(t, s, Config{Token: TokenFile(tokenFile(t, "secret")), Observe: told.observe}).Health(t.Context())
	check(t, err, &told, ClassTLS, 0, nil)
	if seen := s.requests(); len(seen) > 0 {
		t.Errorf("sent %+v to a server that proved nothing", seen)
	}
}

func TestAnAuthorityMakesAStrangerKnown(t *testing.T) {
	s := startTLS(t, nil)
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if _, err := to(t, s, Config{Authorities: authority}).Health(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestInsecureSkipVerifyTakesAnyCertificate(t *testing.T) {
	s := startTLS(t, nil)
	if _, err := to(t, s, Config{InsecureSkipVerify: true}).Health(t.Context()); err != nil {
		t.Fatal(err)
	}
	// Each caller is to load the server with a connection of its own, as KFP's SDK does.
	if got := s.only(t).protocol; got != "HTTP/1.1" {
		t.Errorf("spoke %s", got)
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	s := startTLS(t, &tls.Config{MaxVersion: tls.VersionTLS11}) //nolint:gosec // that is the point
	var told witness
	_, err := to(t, s, Config{InsecureSkipVerify: true, Observe: told.observe}).Health(t.Context())
	check(t, err, &told, ClassTLS, 0, nil)
}

func TestServerThatWantsACertificate(t *testing.T) {
	s := startTLS(t, &tls.Config{ClientAuth: tls.RequireAnyClientCert})
	var told witness
	_, err := to(t, s, Config{InsecureSkipVerify: true, Observe: told.observe}).Health(t.Context())
	check(t, err, &told, ClassTLS, 0, nil)
}

func TestSchemeThatTheServerDoesNotSpeak(t *testing.T) {
	plain := serve(t, ok(`{}`))
	var told witness
	client := to(t, plain, Config{BaseURL: strings.Replace(plain.URL, "http:", "https:", 1), Observe: told.observe})
	_, err := client.Health(t.Context())
	check(t, err, &told, ClassTLS, 0, nil)

	secret := startTLS(t, nil)
	var toldOther witness
	client = to(t, secret, Config{BaseURL: strings.Replace(secret.URL, "https:", "http:", 1), Observe: toldOther.observe})
	_, err = client.Health(t.Context())
	check(t, err, &toldOther, "http 400", http.StatusBadRequest, nil)
}

func TestServerThatIsNoTLS(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		connection, err := listener.Accept()
		if err == nil {
			_, _ = connection.Write([]byte("SSH-2.0-OpenSSH\r\n"))
			_ = connection.Close()
		}
	}()
	var told witness
	_, err = to(t, nil, Config{BaseURL: "https://" + listener.Addr().String(), Observe: told.observe}).Health(t.Context())
	check(t, err, &told, ClassTLS, 0, nil)
}

// startTLS returns a server that also offers HTTP/2.
func startTLS(t *testing.T, c *tls.Config) *server {
	t.Helper()
	s := unstarted(ok(`{}`))
	s.EnableHTTP2, s.TLS = true, c
	s.Config.ErrorLog = quiet()
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}
