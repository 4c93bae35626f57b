package scenario

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parseYAML returns the root of a YAML text of one document.
func (r *reader) parseYAML(text []byte) *yaml.Node {
	var documents []*yaml.Node
	err := eachDocument(text, func(document *yaml.Node) error {
		documents = append(documents, document)
		return nil
	})
	switch {
	case err != nil:
		line, message := syntaxError(text, err)
		r.tell(line, indentation(text, line)+1, "this is not YAML: %s; check the quotes, brackets and indentation here", message)
		return nil
	case len(documents) == 0:
		r.tell(1, 1, "the file holds only comments; expected %s", anExample)
		return nil
	case len(documents) > 1:
		r.fault(documents[1], "a second document begins here; expected one scenario, so make it one array or two files")
	}
	return documents[0].Content[0]
}

// eachDocument calls visit with each document of a YAML text, until the first error.
func eachDocument(text []byte, visit func(*yaml.Node) error) error {
	documents := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var document yaml.Node
		err := documents.Decode(&document)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = visit(&document)
		}
		if err != nil {
			return err
		}
	}
}

// syntaxError returns the line and the message of an error of the YAML parser, whose own line is off by
// one, that of an enclosing block, or missing. So the line is found by trying: the shortest beginning of
// the text that fails in the same way ends with the faulty one.
func syntaxError(text []byte, err error) (line int, message string) {
	line, message = parserError(err.Error())
	if len(text) > maxText {
		return line, message // a pipeline that would take too long
	}
	failure := func(text []byte) string {
		if err := eachDocument(text, func(*yaml.Node) error { return nil }); err != nil {
			return err.Error()
		}
		return ""
	}
	// The parser forgets where a block begins that begins in the first line; so none does.
	lines := bytes.SplitAfter(append([]byte("\n"), bytes.TrimPrefix(text, []byte(byteOrderMark))...), []byte("\n"))
	whole := failure(bytes.Join(lines, nil))
	found := sort.Search(len(lines), func(i int) bool { return failure(bytes.Join(lines[:i+1], nil)) == whole })
	if whole == "" || found == 0 || found == len(lines) {
		return line, message
	}
	return found, message
}

// parserError splits an error of the YAML parser, such as "yaml: line 3: did not find expected key".
func parserError(text string) (line int, message string) {
	parts := regexp.MustCompile(`(?s)^(?:yaml: )?(?:line (\d+): )?(.*)$`).FindStringSubmatch(text)
	if parts == nil {
		return 1, text
	}
	line, err := strconv.Atoi(parts[1])
	if err != nil {
		line = 1
	}
	return line, parts[2]
}

// indentation returns how many blanks a line begins with.
func indentation(text []byte, line int) int {
	lines := strings.SplitN(string(text), "\n", line+1)
	if line > len(lines) {
		return 0
	}
	content := lines[line-1]
	return len(content) - len(strings.TrimLeft(content, " \t"))
}
