package workload

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// upload sends the entry's pipeline to the server, under a name that no other entry and no other run
// has.
func (e *Entry) upload(ctx context.Context) (kfp.Pipeline, error) {
	file := path.Base(e.spec.PipelineFileName)
	content := e.pipeline
	if e.target.DisableCache {
		rewritten, doubt := disableCache(content)
		if doubt != "" {
			e.warn(fmt.Sprintf("KFP's caching was left as %s has it, because %s", file, doubt))
		}
		content = rewritten
	}
	name := fmt.Sprintf("%s-%d-%s", e.target.RunID, e.index+1, stem(file))
	pipeline, err := e.target.Client.UploadPipeline(ctx, kfp.Upload{
		Name: name, Namespace: e.target.Namespace, FileName: file, Content: content,
	})
	if err != nil {
		return kfp.Pipeline{}, fmt.Errorf("uploading pipeline %q: %w", name, err)
	}
	return pipeline, nil
}

// stem returns a file's name without the extension of a pipeline package.
func stem(file string) string {
	for _, extension := range []string{".tar.gz", ".yaml", ".yml", ".json", ".zip"} {
		if name, found := strings.CutSuffix(file, extension); found {
			return name
		}
	}
	return file
}
