package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/scenarios"
)

// page reads a page of the project.
func page(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestEveryExampleOfThePagesIsValid reads each block of JSON, beside pipelines of the names that it has.
func TestEveryExampleOfThePagesIsValid(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```json\n(.*?)```")
	pipelines := regexp.MustCompile(`"pipelineFileName": "([^"]+)"`)
	for _, file := range []string{"docs/scenarios.md", "README.md"} {
		examples := blocks.FindAllStringSubmatch(page(t, file), -1)
		if len(examples) == 0 {
			t.Errorf("%s has no example", file)
		}
		for i, example := range examples {
			files := map[string]string{"example.json": example[1]}
			for _, name := range pipelines.FindAllStringSubmatch(example[1], -1) {
				files[name[1]] = workflow
			}
			if _, err := Load(filepath.Join(writeFiles(t, files), "example.json"), shipped()); err != nil {
				t.Errorf("example %d of %s: %v", i+1, file, err)
			}
		}
	}
}

func TestThePageTellsTheWholeLanguage(t *testing.T) {
	text := page(t, "docs/scenarios.md")
	for _, field := range slices.Concat(entryFields(), documentFields(), loadFields(), []string{fieldWeights, fieldPageSizes, fieldPageDepths, fieldPrefix, fieldCount}) {
		if !strings.Contains(text, "`"+field+"`") {
			t.Errorf("the page does not tell of %s", field)
		}
	}
	for _, mode := range Modes() {
		if !strings.Contains(text, "| "+string(mode)+" |") {
			t.Errorf("the page does not tell of %s", mode)
		}
	}
	for _, operation := range ReadOperations() {
		if !regexp.MustCompile(`\b` + operation + `\b`).MatchString(text) {
			t.Errorf("the page does not tell of %s", operation)
		}
	}
	for _, subject := range []string{subjectAPI, subjectRuns, subjectRun, subjectTicks} {
		rows := regexp.MustCompile("(?m)^\\| `"+subject+"\\..*$").FindAllString(text, -1)
		for _, m := range measures(subject) {
			if !strings.Contains(strings.Join(rows, ""), "."+m.name+"`") {
				t.Errorf("the page does not tell of %s of %s", m.name, subject)
			}
		}
	}
	for _, d := range scenarios.Index() {
		question, _, _ := strings.Cut(d.Question, "?")
		row := regexp.MustCompile(`(?m)^\| [a-z, -]*\b` + regexp.QuoteMeta(strings.TrimSuffix(d.File, ".json")) + `\b[a-z, -]* \| ` + regexp.QuoteMeta(question))
		if !row.MatchString(text) {
			t.Errorf("the page does not say that %s answers %q", d.File, question)
		}
	}
}

func TestThePageKnowsWhatPercentilesNeed(t *testing.T) {
	var names, needed []string
	for _, p := range []float64{50, 90, 95, 99, 99.9} {
		names = append(names, fmt.Sprintf("p%v", p))
		needed = append(needed, fmt.Sprint(metrics.Needed(p/100)))
	}
	for _, row := range []string{"percentile | " + strings.Join(names, " | "), "samples | " + strings.Join(needed, " | ")} {
		if !strings.Contains(page(t, "docs/scenarios.md"), "| "+row+" |") {
			t.Errorf("the page has no row %q", row)
		}
	}
}
