package cli

import (
	"strings"
	"unicode"
)

// printable makes text of a server, a scenario or a pod safe for a terminal: line breaks and tabs become
// spaces, every other control or formatting character (escape sequences, reversals of the writing
// direction) becomes U+FFFD, so that nobody takes what is left for the whole.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(text, string(unicode.ReplacementChar)))
}

// printableLines is printable for text of several lines.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = printable(line)
	}
	return strings.Join(lines, "\n")
}
