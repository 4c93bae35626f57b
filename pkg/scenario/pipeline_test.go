package scenario

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// workflow is a v1 package, and representation a v2 one.
const (
	workflow       = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {}\n"
	representation = "pipelineInfo: {name: a}\nroot: {dag: {}}\n"
)

// naming is a scenario of entries that name these pipelines.
func naming(pipelines ...string) string {
	var text strings.Builder
	for _, name := range pipelines {
		text.WriteString("- {mode: PIPELINE_RUN, runTime: 1, pipelineFileName: '" + name + "'}\n")
	}
	return text.String()
}

func TestWherePipelinesAreLookedFor(t *testing.T) {
	elsewhere := writeFiles(t, map[string]string{
		"beside.yaml": workflow + "# no", "below.yaml": workflow + "# no", "noop.yaml": workflow + "# elsewhere", "sub/c.yml": workflow + "# sub",
	})
	dir := writeFiles(t, map[string]string{
		"load.yaml":             naming("beside.yaml", "below.yaml", "noop.yaml", "add_numbers.yaml", "sub/c.yml", "pipelines/sub/d.json", "./sub/../e.yaml"),
		"beside.yaml":           workflow + "# beside",
		"e.yaml":                workflow + "# e",
		"pipelines/beside.yaml": workflow + "# no",
		"pipelines/below.yaml":  workflow + "# below",
		"pipelines/sub/d.json":  `{"pipelineInfo": {"name": "d"}, "root": {}}`,
	})
	d, err := Load(filepath.Join(dir, "load.yaml"), Sources{PipelinesDir: elsewhere, Shipped: shipped().Shipped})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"beside.yaml": "# beside", "below.yaml": "# below", "noop.yaml": "# elsewhere", "sub/c.yml": "# sub", "e.yaml": "# e",
		"add_numbers.yaml": "add-numbers", "pipelines/sub/d.json": `"d"`,
	} {
		if got := string(d.Pipelines[name]); !strings.Contains(got, want) {
			t.Errorf("%s is %q", name, got)
		}
	}
	if len(d.Pipelines) != 7 || d.Entries[6].PipelineFileName != "e.yaml" {
		t.Errorf("%d pipelines, the last is %q", len(d.Pipelines), d.Entries[6].PipelineFileName)
	}
}

func TestAScenarioIsNotItsOwnPipeline(t *testing.T) {
	dir := writeFiles(t, map[string]string{"noop.yaml": naming("noop.yaml")})
	d := load(t, filepath.Join(dir, "noop.yaml"))
	if !strings.Contains(string(d.Pipelines["noop.yaml"]), "suspend") {
		t.Errorf("%s", d.Pipelines["noop.yaml"])
	}
}

// The worker has all pipelines in one folder.
func TestPipelinesThatTheWorkerCouldNotTellApart(t *testing.T) {
	for _, test := range []struct{ scenario, content, want string }{
		{naming("a.yaml", "pipelines/a.yaml"), workflow, ""},
		{naming("a.yaml", "pipelines/a.yaml"), representation, `:2:54: pipelineFileName "pipelines/a.yaml" is another file than "a.yaml"`},
		{naming("pipelines/a.yaml", "a.yaml"), representation, `:2:54: pipelineFileName "a.yaml" is another file than "pipelines/a.yaml"`},
	} {
		dir := writeFiles(t, map[string]string{"load.yaml": test.scenario, "a.yaml": workflow, "pipelines/a.yaml": test.content})
		_, err := Load(filepath.Join(dir, "load.yaml"), shipped())
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v", test.scenario, err)
		}
	}
}

func TestNoLinkLeadsOutOfTheFolders(t *testing.T) {
	outside := writeFiles(t, map[string]string{"secret.yaml": workflow, "folder/x.yaml": workflow})
	dir := writeFiles(t, map[string]string{
		"load.yaml":          naming("absolute.yaml", "relative.yaml", "folder/x.yaml", "within.yaml", "gone.yaml", "directory.yaml"),
		"sub/target.yaml":    workflow,
		"directory.yaml/a":   "",
		"pipelines/gone.zip": "",
	})
	relative, err := filepath.Rel(dir, filepath.Join(outside, "secret.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{
		"absolute.yaml": filepath.Join(outside, "secret.yaml"), "relative.yaml": relative, "folder": filepath.Join(outside, "folder"),
		"within.yaml": "sub/target.yaml", "gone.yaml": "nowhere.yaml",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	_, err = Load(filepath.Join(dir, "load.yaml"), shipped())
	var faults Errors
	if !errors.As(err, &faults) || len(faults) != 5 {
		t.Fatalf("%v", err)
	}
	for i, want := range []string{
		`"absolute.yaml" cannot be used: `, `"relative.yaml" cannot be used: `, `"folder/x.yaml" cannot be used: `,
		`"gone.yaml" is not in `, `"directory.yaml" cannot be used: `,
	} {
		if !strings.HasPrefix(faults[i].Message, "pipelineFileName "+want) {
			t.Errorf("%v, want %s", faults[i], want)
		}
	}
}

func TestTheFoldersOfPipelinesMayThemselvesBeLinks(t *testing.T) {
	elsewhere := writeFiles(t, map[string]string{"a.yaml": workflow})
	dir := writeFiles(t, map[string]string{"load.yaml": naming("a.yaml")})
	if err := os.Symlink(elsewhere, filepath.Join(dir, "pipelines")); err != nil {
		t.Skip(err)
	}
	load(t, filepath.Join(dir, "load.yaml"))
}

func TestFoldersThatCannotBeOpened(t *testing.T) {
	dir := writeFiles(t, map[string]string{"load.json": `[{"mode": "PIPELINE_RUN", "runTime": 1}]`, "file": "", "pipelines": ""})
	file := filepath.Join(dir, "load.json")
	load(t, file) // pipelines is no folder, which is nobody's fault
	for _, pipelines := range []string{"absent", "file"} {
		_, err := Load(file, Sources{PipelinesDir: filepath.Join(dir, pipelines), Shipped: shipped().Shipped})
		if faults := (Errors)(nil); err == nil || errors.As(err, &faults) || !strings.Contains(err.Error(), pipelines) {
			t.Errorf("%s: %v", pipelines, err)
		}
	}
	_, err := Load(file, Sources{})
	if err == nil || !strings.Contains(err.Error(), `:1:2: pipelineFileName is missing, and its default "add_numbers.yaml" is not in `) {
		t.Errorf("with nothing shipped: %v", err)
	}
}
