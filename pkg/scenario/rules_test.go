package scenario

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
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
	"this is not JSON: %v":                                 "a guard: the text was found to be JSON before",
	"the scenario cannot be written as JSON: %v":           "a guard: what is read can be written",
	"this has more than %d MiB":                            "TestWhatIsAPipeline",
	"opening the folders of pipelines for scenario %q: %w": "TestFoldersThatCannotBeOpened",
}

// rule is the format of a message, as the package's source has it.
type rule struct {
	format  string
	pattern *regexp.Regexp
}

// innerRules are those of functions that return the rest of a sentence, by how the sentence begins that
// others tell.
func innerRules(t *testing.T) map[string][]rule {
	t.Helper()
	inner := map[string][]rule{}
	for beginning, files := range map[string][]string{
		"cron ": {"cron.go"}, "threshold ": {"threshold.go"}, "pipelineFileName ": {"pipeline.go", "library.go", "package.go"},
	} {
		inner[beginning] = rules(t, files, "Errorf", "New", "specErrorf")
	}
	return inner
}

// innerRulesOf are those that can say the rest of a message.
func innerRulesOf(inner map[string][]rule, message string) []rule {
	for beginning, rules := range inner {
		if strings.HasPrefix(message, beginning) {
			return rules
		}
	}
	return nil
}

// rules are the formats of all calls of some functions, those with most of their own words first; those
// without any words, which only pass on what others say, are left out.
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
			var called string
			switch function := call.Fun.(type) {
			case *ast.SelectorExpr:
				called = function.Sel.Name
			case *ast.Ident:
				called = function.Name
			}
			if !slices.Contains(functions, called) {
				return true
			}
			for _, argument := range call.Args {
				if name, ok := argument.(*ast.Ident); ok && name.Name == "format" {
					return true // it was looked at where it came from
				}
				if format, ok := text(t, argument); ok {
					if strings.ContainsAny(verb.ReplaceAllString(format, ""), letters) {
						found = append(found, newRule(format))
					}
					return true
				}
			}
			t.Errorf("%s: a call of %s has no text of its own", file, called)
			return true
		})
	}
	slices.SortStableFunc(found, func(a, b rule) int {
		return len(verb.ReplaceAllString(b.format, "")) - len(verb.ReplaceAllString(a.format, ""))
	})
	return found
}

var verb = regexp.MustCompile(`%[a-z%]`) //nolint:gochecknoglobals // a constant

const letters = "abcdefghijklmnopqrstuvwxyz"

// text is what an expression is written as, if it is a text, or several put together.
func text(t *testing.T, expression ast.Expr) (string, bool) {
	t.Helper()
	switch expression := expression.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(expression.Value)
		return text, expression.Kind == token.STRING && err == nil
	case *ast.BinaryExpr:
		before, ok := text(t, expression.X)
		after, also := text(t, expression.Y)
		return before + after, ok && also
	}
	return "", false
}

func newRule(format string) rule {
	pattern := verb.ReplaceAllStringFunc(regexp.QuoteMeta(format), func(verb string) string {
		return cmp.Or(map[string]string{"%d": `-?\d+`, "%%": "%"}[verb], "((?s:.*))")
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

// allRulesOf returns the rule that has most words of a message, and those of what stands before it, behind it
// and in it.
func allRulesOf(rules []rule, message string) []string {
	for _, r := range rules {
		at := r.pattern.FindStringSubmatchIndex(message)
		if at == nil {
			continue
		}
		found := []string{r.format}
		at = append([]int{0, at[0], at[1], len(message)}, at[2:]...)
		for i := 0; i < len(at); i += 2 {
			found = append(found, allRulesOf(rules, message[at[i]:at[i+1]])...)
		}
		return found
	}
	return nil
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
	inner := innerRules(t)
	broken := map[string]bool{}
	for _, file := range inTestdata(t, "invalid") {
		for _, fault := range wanted(t, file) {
			format, ok := ruleOf(outer, fault.Message, true)
			if !ok {
				t.Errorf("%s: no rule says %q", file, fault.Message)
			}
			if !strings.Contains(fault.Message, "; ") {
				t.Errorf("%s: there is no remedy in %q", file, fault.Message)
			}
			broken[format] = true
			for _, format := range allRulesOf(innerRulesOf(inner, fault.Message), fault.Message) {
				broken[format] = true
			}
		}
	}
	seen := map[string]bool{}
	all := slices.Concat(append(slices.Collect(maps.Values(inner)), outer)...)
	for _, r := range all {
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
	if len(outer) < 60 || len(all) < 90 {
		t.Errorf("only %d rules were found, %d of them told at once", len(all), len(outer))
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
	inner := innerRules(t)
	breaks := map[string]string{}
	files := inTestdata(t, "invalid")
	for _, file := range files {
		for _, fault := range wanted(t, file) {
			format, _ := ruleOf(outer, fault.Message, true)
			switch within, ok := ruleOf(innerRulesOf(inner, fault.Message), fault.Message, false); {
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
