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
	// Store is where pipelines are kept, such as database or kubernetes; empty for servers that do not tell.
	Store string
}

// Health asks the server how it is. It needs no identity.
func (c *Client) Health(ctx context.Context) (Health, error) {
	return call(ctx, c, "GetHealthz", func(ctx context.Context) (Health, error) {
		answer, err := c.healthz.HealthzService.GetHealthz(healthz_service.NewGetHealthzParamsWithContext(ctx), nil)
		if err != nil {
			return Health{}, err
		}
		version, store := told(exchangeOf(ctx).prefix)
		return Health{MultiUser: answer.Payload.MultiUser, Version: version, Store: store}, nil
	})
}

// told returns the release and the store in the answer of healthz. The generated model leaves them out.
func told(answer []byte) (version, store string) {
	var told struct {
		TagName       string `json:"tag_name"`
		PipelineStore string `json:"pipeline_store"`
	}
	if err := json.Unmarshal(answer, &told); err != nil {
		return "", ""
	}
	if told.TagName == "unknown" {
		told.TagName = ""
	}
	return printable(told.TagName), printable(told.PipelineStore)
}
