package kfp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMessage is how long a server's message may get, in bytes.
const maxMessage = 500

// printable returns a server's text as one line that a terminal can be given: control and formatting
// characters become spaces, runs of spaces one, and the end is cut off.
func printable(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= maxMessage {
		return text
	}
	const ellipsis = "…"
	end := maxMessage - len(ellipsis)
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + ellipsis
}
