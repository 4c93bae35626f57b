package report

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// gap stands between two columns.
const gap = "  "

// table is text in aligned columns.
type table struct {
	head []string
	// right says which columns are aligned to the right; a shorter slice means left for the rest.
	right []bool
	rows  [][]string
}

// write writes the table, indented, after an empty line; a table without rows writes nothing.
func (t *table) write(out *bytes.Buffer) {
	if len(t.rows) == 0 {
		return
	}
	widths := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	fmt.Fprintln(out)
	for _, row := range append([][]string{t.head}, t.rows...) {
		var line strings.Builder
		for i, cell := range row {
			padding := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			line.WriteString(gap)
			if i < len(t.right) && t.right[i] {
				line.WriteString(padding + cell)
			} else {
				line.WriteString(cell + padding)
			}
		}
		fmt.Fprintln(out, strings.TrimRight(line.String(), " "))
	}
}
