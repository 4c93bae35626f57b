package cli

import "testing"

func TestPrintableLeavesNothingThatSteersATerminal(t *testing.T) {
	for text, want := range map[string]string{
		"plain – ✓ 漢字":          "plain – ✓ 漢字",
		"a\nb\rc\td":            "a b c d",
		"\x1b[31mred\x1b[0m":    "�[31mred�[0m",
		"\x1b]0;title\x07":      "�]0;title�",
		"\u009b2J":              "�2J",
		"left\u202eright\u2028": "left�right�",
		"broken \xff\xfe utf-8": "broken � utf-8",
		"null \x00 and del\x7f": "null � and del�",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := printableLines("one\x1b\ntwo\n"); got != "one�\ntwo\n" {
		t.Errorf("lines: %q", got)
	}
}
