// Package matrix is what was seen of each fault, as lines of JSON while the tests run and as a table for people. It
// judges nothing: what must be is stated by the tests.
package matrix

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Row is one fault.
type Row struct {
	Fault string `json:"fault"`
	// Test is the name of the test, and Slow says that it is not run for every change.
	Test string `json:"test"`
	Slow bool   `json:"slow,omitempty"`
	// Result is complete, partial or none.
	Result string `json:"result"`
	// Verdict is the result's; empty where there is none.
	Verdict string `json:"verdict,omitempty"`
	Exit    int    `json:"exit"`
	// Left is what was still there at the end, in Kubernetes and in KFP.
	Left string `json:"left"`
	// Noticed is how long after the fault it was told, or why nothing is told of it.
	Noticed string `json:"noticed"`
	// Failed says that the test did.
	Failed bool `json:"failed,omitempty"`
}

// Append adds a row to a file of lines of JSON.
func Append(file string, row Row) error {
	line, err := json.Marshal(row)
	if err != nil {
		return fmt.Errorf("encoding what was seen: %w", err)
	}
	out, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = out.Write(append(line, '\n'))
	if closing := out.Close(); err == nil {
		err = closing
	}
	return err
}

// Read reads what was appended. Of a fault that is there twice the later row counts.
func Read(r io.Reader) ([]Row, error) {
	var rows []Row
	for lines := bufio.NewScanner(r); ; {
		if !lines.Scan() {
			return rows, lines.Err()
		}
		var row Row
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("reading what was seen: %w", err)
		}
		rows = slices.DeleteFunc(rows, func(former Row) bool { return former.Fault == row.Fault })
		rows = append(rows, row)
	}
}

// Table is the rows in Markdown, those that every change is tested with first.
func Table(rows []Row) string {
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b Row) int {
		switch {
		case a.Slow == b.Slow:
			return 0
		case a.Slow:
			return 1
		}
		return -1
	})
	var out strings.Builder
	out.WriteString("| fault | result | verdict | exit code | left | noticed | test |\n|---|---|---|---|---|---|---|\n")
	for _, row := range sorted {
		test := row.Test
		if row.Slow {
			test += " (`make faults`)"
		}
		verdict := row.Verdict
		if verdict == "" {
			verdict = "–"
		}
		seen := row.Result
		if row.Failed {
			seen = "**the test failed**"
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %d | %s | %s | %s |\n", row.Fault, seen, verdict, row.Exit, row.Left, row.Noticed, test)
	}
	return out.String()
}

// Where the table stands on a page.
const (
	begin = "<!-- what was seen: written by make faults -->\n"
	end   = "<!-- the end of what was seen -->\n"
)

// Into puts a table in the place of the one that a page has.
func Into(page, table string) (string, error) {
	before, rest, found := strings.Cut(page, begin)
	_, after, ends := strings.Cut(rest, end)
	if !found || !ends {
		return "", fmt.Errorf("the page has no place for the table, which is between %q and %q", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return before + begin + table + end + after, nil
}
