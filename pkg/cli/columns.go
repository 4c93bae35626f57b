package cli

import "strings"

// firstWide is where the characters begin that take two columns. Some behind it take one: to cut a line
// too early is harmless, to let it wrap is not.
const firstWide = '\u2e80'

// columnsOf counts the columns that text takes on a terminal.
func columnsOf(text string) int {
	columns := 0
	for _, r := range text {
		columns += width(r)
	}
	return columns
}

// cut shortens text to a number of columns.
func cut(text string, columns int) string {
	if columnsOf(text) <= columns {
		return text
	}
	taken := 1 // the ellipsis
	for i, r := range text {
		if taken += width(r); taken > columns {
			return text[:i] + "…"
		}
	}
	return text
}

// wrap breaks text between words so that no line is wider than columns, where words allow; the lines
// after the first begin with the indent. Text that fits stays as it is.
func wrap(text string, columns int, indent string) string {
	if columnsOf(text) <= columns {
		return text
	}
	line := text[:len(text)-len(strings.TrimLeft(text, " "))]
	var done strings.Builder
	for i, word := range strings.Fields(text) {
		if i > 0 && columnsOf(line+" "+word) > columns {
			done.WriteString(line + "\n")
			line = indent + word
			continue
		}
		if i > 0 {
			line += " "
		}
		line += word
	}
	return done.String() + line
}

func width(r rune) int {
	if r >= firstWide {
		return 2
	}
	return 1
}
