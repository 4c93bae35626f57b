package worker

import (
	"fmt"
	"io"
	"mime/multipart"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
)

// sent is the package of an upload.
func (h heard) sent(t *testing.T) string {
	t.Helper()
	boundary, _, _ := strings.Cut(strings.TrimPrefix(h.body, "--"), "\r\n")
	form, err := multipart.NewReader(strings.NewReader(h.body), boundary).ReadForm(64 << 20)
	if err != nil {
		t.Fatal(err)
	}
	file, err := form.File["uploadfile"][0].Open()
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestUploadsAreEvenlyPacedOverRunTime(t *testing.T) {
	for _, as := range []string{"pipelines", "versions"} {
		t.Run(as, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				// To prepare takes longer than the time from one upload to the next, and takes nothing of the runTime.
				s := newStand(t, sandbox.Options{Latency: map[string]sandbox.Latency{"UploadPipeline": {Median: 8 * time.Second}, "": {Median: time.Millisecond}}})
				d := s.run(t, fmt.Sprintf(`[{"mode": "PIPELINE_UPLOAD", "runTime": "60s", "numTimes": 12, "as": %q,
					"padTo": "64KiB", "pipelineFileName": "wait.yaml"}]`, as))
				if d.Entries[0].Counts != (result.Counts{Planned: 12, Succeeded: 12}) || d.Verdict.Status != result.Passed || len(d.Warnings) != 1 {
					t.Errorf("counts %+v, verdict %+v, warnings %q", d.Entries[0].Counts, d.Verdict, d.Warnings)
				}
				uploads := s.heardOf("POST/pipelines/upload")
				if as == "versions" {
					if len(uploads) != 1 || uploads[0].sent(t) != wait {
						t.Errorf("%d pipelines were made for the versions", len(uploads))
					}
					uploads = s.heardOf("POST/pipelines/upload_version")
				}
				for i, h := range uploads {
					name := fmt.Sprintf("load-1-1-%d", i+1)
					if after := h.at.Sub(uploads[0].at); after != time.Duration(i)*5*time.Second || h.query.Get("name") != name {
						t.Errorf("upload %d comes %v after the first, and is called %s", i, after, h.query.Get("name"))
					}
					if content := h.sent(t); len(content) != 64<<10 || !strings.HasPrefix(content, wait) {
						t.Errorf("upload %d has %d bytes", i, len(content))
					}
				}
				if len(uploads) != 12 {
					t.Errorf("%d uploads", len(uploads))
				}
			})
		})
	}
}

func TestVersionsAreOfOnePipeline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		d := s.run(t, `[{"mode": "PIPELINE_UPLOAD", "runTime": "10s", "as": "versions", "load": {"rate": "2/s"}, "warmUp": "5s"}]`)
		e := d.Entries[0]
		if e.Counts.Succeeded != 10 || e.WarmUp.Counts.Succeeded != 10 {
			t.Errorf("counts %+v, warm-up %+v", e.Counts, e.WarmUp)
		}
		for name, want := range map[string]int64{"UploadPipeline": 1, "UploadPipelineVersion": 10} {
			if got := callsOf(d, name).Calls; got != want {
				t.Errorf("%d counted calls of %s, want %d", got, name, want)
			}
		}
		page, err := s.client.List(t.Context(), kfp.PipelineVersions, kfp.Query{PipelineID: e.PipelineID})
		if err != nil || page.Total != 21 {
			t.Errorf("the pipeline has %d versions, %v", page.Total, err)
		}
	})
}

func TestRefusedUploadsAreCountedAndEndNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		s.fail("POST/pipelines/upload", func(n int) bool { return n%2 == 0 })
		d := s.run(t, `[{"mode": "PIPELINE_UPLOAD", "runTime": "10s", "numTimes": 10, "thresholds": ["runs.errors <= 40%"]}]`)
		e := d.Entries[0]
		if e.Counts != (result.Counts{Planned: 10, Succeeded: 5, Errors: 5}) || callsOf(d, "UploadPipeline").Errors["http 500 INTERNAL"] != 5 {
			t.Errorf("counts %+v, calls %+v", e.Counts, callsOf(d, "UploadPipeline"))
		}
		if d.Verdict.Status != result.Failed || !strings.Contains(d.Verdict.Reasons[0], "is not met") {
			t.Errorf("verdict %+v", d.Verdict)
		}
	})
}

func TestUploadsDoNotDriftOverHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{Latency: map[string]sandbox.Latency{"": {Median: 700 * time.Millisecond, Sigma: 0.5}}})
		d := s.run(t, `[{"mode": "PIPELINE_UPLOAD", "runTime": "6h", "numTimes": 1080, "pipelineFileName": "noop.yaml"}]`)
		uploads := s.heardOf("POST/pipelines/upload")
		if len(uploads) != 1080 || d.Entries[0].Counts.Succeeded != 1080 {
			t.Fatalf("%d uploads, counts %+v", len(uploads), d.Entries[0].Counts)
		}
		for i, h := range uploads {
			if after := h.at.Sub(uploads[0].at); after != time.Duration(i)*20*time.Second {
				t.Fatalf("upload %d comes %v after the first", i, after)
			}
		}
	})
}
