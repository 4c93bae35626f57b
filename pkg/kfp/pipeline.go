package kfp

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/pipeline_client/pipeline_service"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/pipeline_upload_client/pipeline_upload_service"
)

// Upload is a pipeline package for the server.
type Upload struct {
	// Name must be new on the server.
	Name string
	// Namespace is whose the pipeline will be; without one a multi-user server shares it with everybody.
	Namespace string
	// Description is for people; the first version gets the same.
	Description string
	// FileName tells the server the format by its extension: .yaml, .yml, .json, .zip or .tar.gz.
	FileName string
	Content  []byte
}

// Pipeline names a pipeline and one version of it.
type Pipeline struct {
	ID, VersionID string
}

var (
	errNoPipeline = errors.New("the uploaded pipeline has no id")
	errNoVersion  = errors.New("the uploaded pipeline has no version")
)

// UploadPipeline makes a pipeline and asks for the id of its first version: the answer to an upload names
// only the pipeline, and a run without a version takes the "latest", which is any of those made in the
// same second. When only the second call fails, the pipeline's ID is returned beside the error.
func (c *Client) UploadPipeline(ctx context.Context, u Upload) (Pipeline, error) {
	id, err := c.UploadOnly(ctx, u)
	if err != nil {
		return Pipeline{}, err
	}
	versionID, err := c.firstVersion(ctx, id)
	return Pipeline{ID: id, VersionID: versionID}, err
}

// UploadOnly makes a pipeline, in one call, and returns its id. It is for those who run nothing of it.
func (c *Client) UploadOnly(ctx context.Context, u Upload) (pipelineID string, err error) {
	return call(ctx, c, "UploadPipeline", func(ctx context.Context) (string, error) {
		params := pipeline_upload_service.NewUploadPipelineParamsWithContext(ctx)
		params.SetName(&u.Name)
		params.SetNamespace(&u.Namespace)
		if u.Description != "" {
			params.SetDescription(&u.Description)
		}
		params.SetUploadfile(packageFile{bytes.NewReader(u.Content), u.FileName})
		answer, err := c.uploads.PipelineUploadService.UploadPipeline(params, nil)
		if err != nil {
			return "", err
		}
		if answer.Payload.PipelineID == "" {
			return "", errNoPipeline
		}
		return answer.Payload.PipelineID, nil
	})
}

// firstVersion returns the id of a pipeline's oldest version.
func (c *Client) firstVersion(ctx context.Context, pipelineID string) (string, error) {
	return call(ctx, c, "ListPipelineVersions", func(ctx context.Context) (string, error) {
		params := pipeline_service.NewListPipelineVersionsParamsWithContext(ctx).WithPipelineID(pipelineID)
		size, oldest := int32(1), "created_at asc"
		params.SetPageSize(&size)
		params.SetSortBy(&oldest)
		answer, err := c.pipelines.PipelineService.ListPipelineVersions(params, nil)
		if err != nil {
			return "", err
		}
		versions := answer.Payload.PipelineVersions
		if len(versions) == 0 || versions[0] == nil || versions[0].PipelineVersionID == "" {
			return "", errNoVersion
		}
		return versions[0].PipelineVersionID, nil
	})
}

// packageFile is the file of a multipart upload.
type packageFile struct {
	io.Reader
	name string
}

// Name implements runtime.NamedReadCloser.
func (f packageFile) Name() string { return f.name }

// Close implements runtime.NamedReadCloser.
func (f packageFile) Close() error { return nil }

// ContentType implements runtime.ContentTyper; without it the first bytes are read to guess, which fails
// when there are none.
func (f packageFile) ContentType() string { return "application/octet-stream" }
