package kfp

import (
	"bytes"
	"context"
	"errors"

	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/pipeline_upload_client/pipeline_upload_service"
)

// NewVersion is a package that becomes another version of a pipeline. Its namespace is the pipeline's.
type NewVersion struct {
	PipelineID string
	// Name must be new in the pipeline.
	Name string
	// Description is for people.
	Description string
	// FileName tells the server the format by its extension: .yaml, .yml, .json, .zip or .tar.gz.
	FileName string
	Content  []byte
}

var errNoNewVersion = errors.New("the uploaded version has no id")

// UploadPipelineVersion makes a version of a pipeline and returns its id. Like every upload it is refused
// with 400 where others are with 401, 403 or 404, and a name that is taken with 500 by KFP 2.0.5.
func (c *Client) UploadPipelineVersion(ctx context.Context, n NewVersion) (versionID string, err error) {
	return call(ctx, c, "UploadPipelineVersion", func(ctx context.Context) (string, error) {
		params := pipeline_upload_service.NewUploadPipelineVersionParamsWithContext(ctx)
		params.SetPipelineid(&n.PipelineID)
		params.SetName(&n.Name)
		if n.Description != "" {
			params.SetDescription(&n.Description)
		}
		params.SetUploadfile(packageFile{bytes.NewReader(n.Content), n.FileName})
		answer, err := c.uploads.PipelineUploadService.UploadPipelineVersion(params, nil)
		if err != nil {
			return "", err
		}
		if answer.Payload.PipelineVersionID == "" {
			return "", errNoNewVersion
		}
		return answer.Payload.PipelineVersionID, nil
	})
}
