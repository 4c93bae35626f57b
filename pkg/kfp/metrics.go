package kfp

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// maxMetrics is how long the text of /metrics may be. KFP's is about 100 KB.
const maxMetrics = 4 << 20

// counts are what the server counts of itself, and how they are asked for: the generated clients know only
// the API.
type counts struct {
	client         *http.Client
	url, userAgent string
}

// Metrics returns what the server counts of itself, in Prometheus's text format. It shows no identity, which
// nobody asks for there: a token has no business where it is not needed. An answer such as 404 is an *Error
// with its status.
func (c *Client) Metrics(ctx context.Context) (string, error) {
	return call(ctx, c, "GetMetrics", c.counts.get)
}

func (c counts) get(ctx context.Context) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url, nil)
	if err != nil {
		return "", fmt.Errorf("making the request: %w", err)
	}
	request.Header.Set("Accept", "text/plain;version=0.0.4")
	if c.userAgent != "" {
		request.Header.Set("User-Agent", c.userAgent)
	}
	response, err := c.client.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	if response.StatusCode != http.StatusOK {
		content, err := io.ReadAll(io.LimitReader(response.Body, maxRefusal))
		if err != nil {
			content = nil // the status says enough
		}
		return "", refusalOf(content)
	}
	content, err := io.ReadAll(io.LimitReader(response.Body, maxMetrics+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("reading the answer: %w", err)
	case len(content) > maxMetrics:
		return "", fmt.Errorf("it is longer than %d bytes", maxMetrics)
	}
	return string(content), nil
}
