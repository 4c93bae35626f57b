package scenario

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// TestInvalidScenarios compares all faults of testdata/invalid-* with what FILE.want holds.
func TestInvalidScenarios(t *testing.T) {
	for _, file := range inTestdata(t, "invalid") {
		want, err := os.ReadFile(file + ".want")
		if err != nil {
			t.Error(err)
			continue
		}
		d, err := Load(file, shipped())
		if faults := (Errors)(nil); d != nil || !errors.As(err, &faults) {
			t.Errorf("%s: %v, %v", file, d, err)
			continue
		}
		if got := err.Error() + "\n"; got != string(want) {
			t.Errorf("%s: got\n%swant\n%s", file, got, want)
		}
	}
}

func TestValidScenarios(t *testing.T) {
	for _, file := range inTestdata(t, "valid") {
		load(t, file)
	}
}

// The faults of texts that no editor shows well.
func TestTextsThatAreNotReadAtAll(t *testing.T) {
	entry := `{"mode": "PIPELINE_RUN", "runTime": 1, "params": {"a": "x"}}`
	for _, test := range []struct{ name, file, text, want string }{
		{"a byte order mark is no fault", "a.json", "\ufeff[" + entry + "]", ""},
		{"nor is one before YAML", "a.yaml", "\ufeff- {mode: PIPELINE_RUN, runTime: 1}", ""},
		{"nor are line ends of Windows", "a.yaml", "- mode: PIPELINE_RUN\r\n  runTime: 1\r\n", ""},
		{"nor is the end of a document", "a.yaml", "---\n- {mode: PIPELINE_RUN, runTime: 1}\n...\n", ""},
		{"nor is another extension", "a.txt", "[" + entry + "]", ""},
		{"latin 1", "a.json", "[\n{\"mode\": \"\xfc\"}]", "a.json:2:11: this is not UTF-8 text; save"},
		{"UTF-16", "a.json", "\xff\xfe[\x00]\x00", "a.json:1:1: this is not UTF-8 text"},
		{"too long", "a.json", "[" + strings.Repeat(entry+",\n", 1<<15) + entry + "]", "a.json:1:1: the file has more than 1024 KiB"},
		{"too many", "a.json", "[" + strings.Repeat(entry+",\n", 1<<10) + entry + "]", "a.json:1001:1: this is entry 1001; expected 1000 at the most"},
		{"too deep", "a.json", nested(200), "a.json:1:155: this is nested more than 100 levels"},
		{"far too deep", "a.json", nested(20_000), "a.json:1:10054: this is not JSON: invalid character '[' exceeded max depth"},
		{"far too deep in YAML", "a.yaml", "- " + strings.Repeat("- ", 20_000), "a.yaml:1:1: this is not YAML: exceeded max depth"},
		{"a YAML text that is long as JSON", "a.yaml", "- {mode: PIPELINE_RUN, runTime: 1, params: {a: \"" + strings.Repeat(`\e`, 200_000) + "\"}}",
			"a.yaml:1:1: the scenario has more than 1024 KiB when written as JSON"},
		{"columns are characters", "a.yaml", "- {\"ü😀\": 1, mode: PIPELINE_RUN, runTime: -1}", "a.yaml:1:4: unknown field \"ü😀\"; expected " + listed("or", entryFields()...) + "\n" +
			"a.yaml:1:42: runTime is -1"},
		{"in JSON, too", "a.json", "[{\"ü😀\": 1, \"mode\": \"PIPELINE_RUN\", \"runTime\": -1}]", "a.json:1:3: unknown field \"ü😀\"; expected " + listed("or", entryFields()...) + "\n" +
			"a.json:1:47: runTime is -1"},
	} {
		pipelines := shipped().library(t)
		_, err := decode(test.file, []byte(test.text), pipelines)
		switch {
		case test.want == "" && err == nil:
		case test.want == "" || err == nil || !strings.HasPrefix(err.Error(), test.want):
			t.Errorf("%s: %.200v", test.name, err)
		}
	}
}

// nested is a scenario with a parameter that is nested so deeply.
func nested(levels int) string {
	return `[{"mode": "PIPELINE_RUN", "runTime": 1, "params": {"a": ` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + `}}]`
}

// library is that of a scenario without a folder.
func (s Sources) library(t *testing.T) *library {
	t.Helper()
	l, err := s.openLibrary("", true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	return l
}

func TestErrorsAreInTheOrderOfTheText(t *testing.T) {
	faults := Errors{{"a", 2, 1, "c"}, {"a", 1, 2, "a"}, {"a", 1, 10, "b"}, {"a", 2, 1, "d"}}
	faults.sort()
	if want := "a:1:2: a\na:1:10: b\na:2:1: c\na:2:1: d"; faults.Error() != want {
		t.Errorf("%s", faults)
	}
}

func TestSuggestions(t *testing.T) {
	for word, want := range map[string]string{
		"numtimes": "numTimes", "NUMTIMES": "numTimes", "numTime": "numTimes", "runtimes": "runTime",
		"rnuTime": "runTime", "edom": "", "mdoe": "mode", "pipeline": "pipelineFileName", "file": "pipelineFileName", "start": "startTime", "param": "params", "parms": "params",
		"time": "", "x": "", "": "", "parameters": "", "weather": "", "ro": "", "кron": "",
		strings.Repeat("mode", 1000): "",
	} {
		if got := closest(word, entryFields()); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}
