package cli

import (
	"strings"
	"testing"
)

func TestWrapBreaksBetweenWordsOnly(t *testing.T) {
	for _, test := range []struct {
		text    string
		columns int
		want    string
	}{
		{"fits", 4, "fits"},
		{"✓ one two three", 9, "✓ one two\n  three"},
		{"  a remedy that is long", 12, "  a remedy\n  that is\n  long"},
		{"averylongword b", 5, "averylongword\n  b"},
		{"a https://averylongword", 5, "a\n  https://averylongword"},
		{"漢字 漢字", 5, "漢字\n  漢字"},
		{"", 5, ""},
		{"   ", 2, "   "},
	} {
		if got := wrap(test.text, test.columns, "  "); got != test.want {
			t.Errorf("%q in %d: %q, want %q", test.text, test.columns, got, test.want)
		}
	}
	long := strings.Repeat("word ", 100)
	for line := range strings.SplitSeq(wrap(long, 30, "  "), "\n") {
		if columnsOf(line) > 30 {
			t.Errorf("too wide: %q", line)
		}
	}
}
