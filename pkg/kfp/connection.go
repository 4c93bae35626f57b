package kfp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// maxIdle is how many idle connections are kept. The standard library keeps two a host; with more callers
// than that every call would pay for a new connection.
const maxIdle = 1024

// connections returns what sends requests. HTTP/2 stays off, as it is in KFP's own SDK: one connection a
// caller is what the server is to be loaded with. Compression stays off so that bytes are counted as they
// travel.
func connections(trust *tls.Config) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		TLSHandshakeTimeout: 10 * time.Second,
		TLSClientConfig:     trust,
		MaxIdleConns:        maxIdle,
		MaxIdleConnsPerHost: maxIdle,
		IdleConnTimeout:     90 * time.Second,
		DisableCompression:  true,
	}
}

// trust returns whose certificates are taken for KFP's.
func (c Config) trust() (*tls.Config, error) {
	config := &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: c.InsecureSkipVerify, //nolint:gosec // the caller asked for it
	}
	if len(c.Authorities) == 0 {
		return config, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("reading the certificates that the system trusts: %w", err)
	}
	if !pool.AppendCertsFromPEM(c.Authorities) {
		return nil, errors.New("among the authorities of KFP's certificate there is no certificate in PEM form")
	}
	config.RootCAs = pool
	return config, nil
}

// isHeader reports whether a name is one that headers have: letters, digits and hyphens.
func isHeader(name string) bool {
	const known = "abcdefghijklmnopqrstuvwxyz0123456789-"
	return name != "" && !strings.ContainsFunc(strings.ToLower(name), func(r rune) bool { return !strings.ContainsRune(known, r) })
}
