package scenario

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/scenarios"
)

// shipped are the sources that the plugin uses.
func shipped() Sources { return Sources{Shipped: scenarios.FS} }

// load loads a scenario that must be valid.
func load(t *testing.T, file string) *Document {
	t.Helper()
	d, err := Load(file, shipped())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// inTestdata lists the scenarios of testdata whose names begin with a verdict.
func inTestdata(t *testing.T, verdict string) []string {
	t.Helper()
	var files []string
	for _, extension := range []string{".json", ".yaml"} {
		found, err := filepath.Glob("testdata/" + verdict + "-*" + extension)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 5 {
		t.Fatalf("only %d scenarios called %s-*", len(files), verdict)
	}
	return files
}

// writeFiles writes files into a new folder and returns it.
func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTheSmokeScenario(t *testing.T) {
	no := false
	// The second is shipped, and measures pods, also when it is run again.
	for file, caching := range map[string]*bool{"testdata/valid-smoke.json": nil, "smoke.json": &no} {
		want := []Entry{{
			Mode: PipelineRun, RunTime: Duration(5 * time.Minute), NumTimes: 2, PipelineFileName: "add_numbers.yaml", Caching: caching,
		}}
		d := load(t, file)
		if !reflect.DeepEqual(d.Entries, want) || d.End(0) != 5*time.Minute {
			t.Errorf("%s: %+v, end %v", file, d.Entries, d.End(0))
		}
		if len(d.Pipelines) != 1 || len(d.Pipelines["add_numbers.yaml"]) == 0 {
			t.Errorf("%s: pipelines %v", file, d.Pipelines)
		}
	}
}

func TestTwoModes(t *testing.T) {
	d := load(t, "testdata/valid-two-modes.json")
	want := []Entry{
		{
			Mode: Experiment, StartTime: Duration(time.Minute), RunTime: Duration(10 * time.Minute), NumTimes: 5,
			PipelineFileName: "ml_training_pipeline.yaml",
		},
		{
			Mode: PipelineRun, StartTime: Duration(2 * time.Minute), RunTime: Duration(8 * time.Minute), NumTimes: 3,
			PipelineFileName: "data_processing.yaml",
		},
	}
	if !reflect.DeepEqual(d.Entries, want) {
		t.Errorf("%+v", d.Entries)
	}
	if d.Name != "valid-two-modes" || d.End(0) != 11*time.Minute || len(d.Pipelines) != 2 {
		t.Errorf("name %q, end %v, %d pipelines", d.Name, d.End(0), len(d.Pipelines))
	}
}

func TestJSONAndYAMLMeanTheSame(t *testing.T) {
	fromJSON, fromYAML := load(t, "testdata/valid-everything.json"), load(t, "testdata/valid-everything.yaml")
	if !reflect.DeepEqual(fromJSON, fromYAML) {
		t.Errorf("JSON gives %+v\nYAML gives %+v", fromJSON, fromYAML)
	}
}

func TestAScenarioWithoutAFolderMayBeAShippedOne(t *testing.T) {
	dir := writeFiles(t, map[string]string{
		"smoke-noop.json": `[{"mode": "EXPERIMENT", "runTime": 1, "pipelineFileName": "noop.yaml"}]`,
		"noop.yaml":       workflow,
	})
	t.Chdir(dir)
	if d := load(t, "smoke-noop.json"); d.Entries[0].Mode != Experiment || string(d.Pipelines["noop.yaml"]) != workflow {
		t.Errorf("the file in the folder was passed over: %+v", d)
	}
	if err := os.Remove("smoke-noop.json"); err != nil {
		t.Fatal(err)
	}
	d := load(t, "smoke-noop.json")
	if d.Entries[0].Mode != PipelineRun || string(d.Pipelines["noop.yaml"]) == workflow {
		t.Errorf("a shipped scenario did not use its own pipeline: %+v", d)
	}
	for _, file := range []string{"./smoke-noop.json", "sub/smoke-noop.json", "smoke-noop", "smoke-noop.yaml", "Smoke_nop.json"} {
		_, err := Load(file, shipped())
		if !errors.Is(err, fs.ErrNotExist) || !strings.HasSuffix(err.Error(), "; did you mean the shipped smoke-noop.json?") {
			t.Errorf("%q: %v", file, err)
		}
	}
	for _, file := range []string{"pipelines", "embed.go", ""} {
		_, err := Load(file, shipped())
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "; the shipped ones are ") || !strings.HasSuffix(err.Error(), " and uploads.json") {
			t.Errorf("%q: %v", file, err)
		}
	}
	_, err := Load("smoke.json", Sources{})
	if !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), "shipped") {
		t.Errorf("with nothing shipped: %v", err)
	}
}

func TestAFolderIsNoScenario(t *testing.T) {
	_, err := Load("testdata", shipped())
	if faults := (Errors)(nil); err == nil || errors.As(err, &faults) || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func TestEveryShippedScenarioLoads(t *testing.T) {
	t.Chdir(t.TempDir())
	names := shipped().shippedScenarios()
	if len(names) < 2 {
		t.Fatalf("only %v is shipped", names)
	}
	for _, name := range names {
		load(t, name)
	}
}

func TestNamesAreFitForFiles(t *testing.T) {
	for file, want := range map[string]string{
		"smoke.json":                         "smoke",
		"a/b.c/load.v2.yaml":                 "load.v2",
		"load":                               "load",
		".json":                              "scenario",
		"..yaml":                             "scenario",
		"Überlast 2.yml":                     "Überlast-2",
		"a\\b\n\x1b\xff.json":                "a-b---",
		"-":                                  "-",
		strings.Repeat("ü", 120) + ".json":   strings.Repeat("ü", 50),
		"x" + strings.Repeat("ü", 120) + ".": "x" + strings.Repeat("ü", 49),
	} {
		if got := nameOf(file); got != want {
			t.Errorf("%q: %q, want %q", file, got, want)
		}
	}
}
