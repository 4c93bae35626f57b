package workload

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// pipelineUpload prepares PIPELINE_UPLOAD: each slot uploads the package anew, as a pipeline or as a version
// of one that is made first.
func pipelineUpload(ctx context.Context, e *Entry) (work, error) {
	file, content := e.packaged()
	padded, doubt := pad(content, file, e.spec.PadTo)
	if doubt != "" {
		e.warn(fmt.Sprintf("%s was not padded, because %s", file, doubt))
	}
	if e.spec.As != scenario.AsVersions {
		return work{slot: e.calling(func(ctx context.Context, s slot) error {
			_, err := s.client.UploadOnly(ctx, kfp.Upload{
				Name: e.nameOf(s), Namespace: e.target.Namespace, Description: Mark(e.target.RunID), FileName: file, Content: padded,
			})
			return err
		})}, nil
	}
	pipeline, err := e.upload(ctx)
	if err != nil {
		return work{}, err
	}
	e.made(pipeline, "")
	return work{slot: e.calling(func(ctx context.Context, s slot) error {
		_, err := s.client.UploadPipelineVersion(ctx, kfp.NewVersion{
			PipelineID: pipeline.ID, Name: e.nameOf(s), Description: Mark(e.target.RunID), FileName: file, Content: padded,
		})
		return err
	})}, nil
}

// nameOf returns the name of what a slot makes; no other slot and no other run has it.
func (e *Entry) nameOf(s slot) string {
	return fmt.Sprintf("%s-%d-%d", e.target.RunID, e.index+1, s.Index+1)
}

// pad makes a package at least so many bytes long, by comments that the server reads over. JSON and archives
// have no place for them.
func pad(content []byte, file string, size int64) (padded []byte, doubt string) {
	missing := int(size) - len(content)
	switch {
	case missing <= 0:
		return content, ""
	case isArchive(content):
		return content, doubtArchive
	case strings.HasSuffix(file, ".json"):
		return content, "JSON has no comments"
	}
	line := []byte("# " + strings.Repeat("x", 97) + "\n")
	padding := append([]byte("\n"), bytes.Repeat(line, missing/len(line)+1)...)
	return append(bytes.Clone(content), padding[:missing]...), ""
}
