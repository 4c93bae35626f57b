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
	file, content := e.packaged()
	name := fmt.Sprintf("%s-%d-%s", e.target.RunID, e.index+1, stem(file))
	pipeline, err := e.preparing().UploadPipeline(ctx, kfp.Upload{
		Name: name, Namespace: e.target.Namespace, Description: Mark(e.target.RunID), FileName: file, Content: content,
	})
	if err != nil {
		return kfp.Pipeline{}, fmt.Errorf("uploading pipeline %q: %w", name, err)
	}
	return pipeline, nil
}

// preparing returns a client for what comes before the slots: it is due when it is sent.
func (e *Entry) preparing() *kfp.Client {
	return e.target.Client.Observing(Record(e.recording(&e.counted)))
}

// packaged returns the file name and the content of the entry's pipeline as it is to be uploaded.
func (e *Entry) packaged() (file string, content []byte) {
	file = path.Base(e.spec.PipelineFileName)
	content = placeImage(e.pipeline, e.target.Image)
	wanted := e.spec.Caching
	if wanted == nil && e.target.DisableCache {
		wanted = new(bool)
	}
	if wanted == nil {
		return file, content
	}
	rewritten, doubt := setCache(content, *wanted)
	if doubt != "" {
		e.warn(fmt.Sprintf("KFP's caching was left as %s has it, because %s", file, doubt))
	}
	return file, rewritten
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
