package kfp

import (
	"context"
	"encoding/json"

	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/healthz_client/healthz_service"
)

// Health is what KFP says of itself to anybody.
type Health struct {
	// MultiUser says that every other call needs an identity, and lists a namespace.
	MultiUser bool
	// Version is the release, such as 2.0.5; empty when the server does not know.
	Version string
}

// Health asks the server how it is. It needs no identity.
func (c *Client) Health(ctx context.Context) (Health, error) {
	return call(ctx, c, "GetHealthz", func(ctx context.Context) (Health, error) {
		answer, err := c.healthz.HealthzService.GetHealthz(healthz_service.NewGetHealthzParamsWithContext(ctx), nil)
		if err != nil {
			return Health{}, err
		}
		return Health{MultiUser: answer.Payload.MultiUser, Version: version(exchangeOf(ctx).prefix)}, nil
	})
}

// version returns the release in the answer of healthz. The generated model leaves it out.
func version(answer []byte) string {
	var told struct {
		TagName string `json:"tag_name"`
	}
	if err := json.Unmarshal(answer, &told); err != nil || told.TagName == "unknown" {
		return ""
	}
	return printable(told.TagName)
}
