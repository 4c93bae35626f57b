package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// mention is a verb as a message would name it.
var mention = regexp.MustCompile(`kubectl[ -]kfpperf ([a-z]+)`)

// TestMessagesNameOnlyVerbsThatThereAre reads every string of the product, the manifests and README.md.
func TestMessagesNameOnlyVerbsThatThereAre(t *testing.T) {
	verbs := verbsOf(program{}.rootCommand())
	checked := 0
	for place, texts := range messages(t, "../..") {
		for _, text := range texts {
			for _, match := range mention.FindAllStringSubmatch(text, -1) {
				checked++
				if !slices.Contains(verbs, match[1]) {
					t.Errorf("%s names %q, which is no verb of this build: %s", place, match[0], text)
				}
			}
		}
	}
	if checked < 5 {
		t.Errorf("only %d mentions were found", checked)
	}
}

// verbsOf are the verbs below a command, with those that cobra adds when it runs.
func verbsOf(command *cobra.Command) []string {
	command.InitDefaultHelpCmd()
	command.InitDefaultCompletionCmd()
	var verbs []string
	for _, verb := range command.Commands() {
		verbs = append(verbs, verb.Name())
	}
	return verbs
}

// messages are the string literals of Go sources, and the whole of other files that people read.
func messages(t *testing.T, root string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch name := entry.Name(); {
		case entry.IsDir() && slices.Contains([]string{".git", "test", "tools", "bin", "dist", "testdata"}, name):
			return fs.SkipDir
		case strings.HasSuffix(name, "_test.go"):
			return nil
		case filepath.Ext(name) == ".go":
			found[file], err = literals(file)
		case name == "README.md", filepath.Ext(name) == ".yaml":
			var content []byte
			content, err = os.ReadFile(file)
			found[file] = []string{string(content)}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func literals(file string) ([]string, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		return nil, err
	}
	var texts []string
	ast.Inspect(parsed, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			texts = append(texts, literal.Value)
		}
		return true
	})
	return texts, nil
}
