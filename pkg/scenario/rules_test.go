package scenario

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// Rules that no small text file can break, and what tests them.
var notInTestdata = map[string]string{ //nolint:gochecknoglobals // a table
	"the file has more than %d KiB, too much for a scenario; split it":             "TestTextsThatAreNotReadAtAll",
	"the scenario has more than %d KiB when written as JSON; split it":             "TestTextsThatAreNotReadAtAll",
	"this is entry %d; expected %d at the most, so use numTimes or split the file": "TestTextsThatAreNotReadAtAll",
	"this is not JSON: %v":                       "a guard: the text was found to be JSON before",
	"the scenario cannot be written as JSON: %v": "a guard: what is read can be written",
}

// rule is the format of a message, as the package's source has it.
type rule struct {
	format  string
	pattern *regexp.Regexp
}

// rules are the formats of all calls of some functions, those with most of their own words first.
func rules(t *testing.T, files []string, functions ...string) []rule {
	t.Helper()
	var found []rule
	for _, file := range files {
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(source, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			called, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains(functions, called.Sel.Name) {
				return true
			}
			for _, argument := range call.Args {
				if literal, ok := argument.(*ast.BasicLit); ok && literal.Kind == token.STRING {
					found = append(found, newRule(t, literal.Value))
					return true
				}
			}
			return true
		})
	}
	slices.SortStableFunc(found, func(a, b rule) int {
		return len(verb.ReplaceAllString(b.format, "")) - len(verb.ReplaceAllString(a.format, ""))
	})
	return found
}

var verb = regexp.MustCompile(`%[a-z%]`) //nolint:gochecknoglobals // a constant

func newRule(t *testing.T, literal string) rule {
	t.Helper()
	format, err := strconv.Unquote(literal)
	if err != nil {
		t.Fatal(err)
	}
	pattern := verb.ReplaceAllStringFunc(regexp.QuoteMeta(format), func(verb string) string {
		return map[string]string{"%d": `-?\d+`, "%%": "%"}[verb] + map[bool]string{true: "(?s).*"}[verb != "%d" && verb != "%%"]
	})
	return rule{format, regexp.MustCompile(pattern)}
}

// ruleOf returns the rule that has most words of a message, of those that match.
func ruleOf(rules []rule, message string, whole bool) (string, bool) {
	for _, r := range rules {
		at := r.pattern.FindStringIndex(message)
		if at != nil && (!whole || at[0] == 0 && at[1] == len(message)) {
			return r.format, true
		}
	}
	return "", false
}

// TestEveryRuleIsBrokenByATestdataFile compares the messages in the package's source with those in
// testdata/*.want.
func TestEveryRuleIsBrokenByATestdataFile(t *testing.T) {
	t.Parallel()
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	sources = slices.DeleteFunc(sources, func(file string) bool { return strings.HasSuffix(file, "_test.go") })
	outer := rules(t, sources, "fault", "tell")
	inner := rules(t, []string{"cron.go", "threshold.go"}, "Errorf", "New")
	broken := map[string]bool{}
	for _, file := range inTestdata(t, "invalid") {
		for _, fault := range wanted(t, file) {
			format, ok := ruleOf(outer, fault.Message, true)
			if !ok {
				t.Errorf("%s: no rule says %q", file, fault.Message)
			}
			broken[format] = true
			if format, ok := ruleOf(inner, fault.Message, false); ok {
				broken[format] = true
			}
		}
	}
	seen := map[string]bool{}
	for _, r := range slices.Concat(outer, inner) {
		seen[r.format] = true
		if !broken[r.format] && notInTestdata[r.format] == "" && !strings.HasPrefix(r.format, "decoding ") {
			t.Errorf("no file breaks the rule %q", r.format)
		}
	}
	for format := range notInTestdata {
		if broken[format] || !seen[format] {
			t.Errorf("%q is no rule, or a file breaks it", format)
		}
	}
	if len(outer) < 60 || len(inner) < 15 {
		t.Errorf("only %d and %d rules were found", len(outer), len(inner))
	}
}

// TestNoTwoFilesBreakTheSameRuleInTheSameField keeps testdata free of repetition.
func TestNoTwoFilesBreakTheSameRuleInTheSameField(t *testing.T) {
	t.Parallel()
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	outer := rules(t, sources, "fault", "tell")
	inner := rules(t, []string{"cron.go", "threshold.go"}, "Errorf", "New")
	breaks := map[string]string{}
	files := inTestdata(t, "invalid")
	for _, file := range files {
		for _, fault := range wanted(t, file) {
			format, _ := ruleOf(outer, fault.Message, true)
			switch within, ok := ruleOf(inner, fault.Message, false); {
			case ok:
				format = within
			case strings.HasPrefix(format, "this is not"): // the rules are the parser's, and YAML's differ by place
				format = fault.Message + file
			}
			broken := format + " in " + fieldAt(t, file, fault)
			if other := breaks[broken]; other != "" && other != file {
				t.Errorf("%s and %s both break %s", other, file, broken)
			}
			breaks[broken] = file
		}
	}
	if len(files) < 60 {
		t.Errorf("only %d invalid documents", len(files))
	}
}

// wanted are the faults that FILE.want holds.
func wanted(t *testing.T, file string) []Error {
	t.Helper()
	text, err := os.ReadFile(file + ".want")
	if err != nil {
		t.Fatal(err)
	}
	var faults []Error
	for line := range strings.Lines(string(text)) {
		fault := Error{File: file}
		if _, err := fmt.Sscanf(strings.TrimPrefix(line, file), ":%d:%d:", &fault.Line, &fault.Column); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		_, fault.Message, _ = strings.Cut(line, ": ")
		fault.Message = strings.TrimSuffix(fault.Message, "\n")
		faults = append(faults, fault)
	}
	return faults
}

// fieldAt is the path of names to a place in a file, without the places in lists.
func fieldAt(t *testing.T, file string, fault Error) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	root := (&reader{file: file}).parse(text)
	if root == nil {
		return ""
	}
	found := ""
	var walk func(node *yaml.Node, path string)
	walk = func(node *yaml.Node, path string) {
		if node.Line == fault.Line && node.Column == fault.Column {
			found = path
		}
		for i, child := range node.Content {
			name := "[]"
			if node.Kind == yaml.MappingNode {
				name = "." + node.Content[i-i%2].Value
			}
			walk(child, path+name)
		}
	}
	walk(root, "")
	return found
}
