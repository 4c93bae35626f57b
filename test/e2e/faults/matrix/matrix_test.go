package matrix

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatWasSeenBecomesATableOnThePage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "seen.jsonl")
	for _, row := range []Row{
		{Fault: "a slow one", Test: "TestB", Slow: true, Result: "partial", Verdict: "invalid", Exit: 5, Left: "nothing", Noticed: "1s"},
		{Fault: "a quick one", Test: "TestA", Result: "none", Exit: 2, Left: "nothing", Noticed: "at once", Failed: true},
		{Fault: "a quick one", Test: "TestA", Result: "none", Exit: 2, Left: "nothing", Noticed: "at once"},
	} {
		if err := Append(file, row); err != nil {
			t.Fatal(err)
		}
	}
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	rows, err := Read(in)
	if err != nil {
		t.Fatal(err)
	}
	page, err := Into("# Page\n"+begin+"| an old row |\n"+end+"more\n", Table(rows))
	if err != nil {
		t.Fatal(err)
	}
	want := "# Page\n" + begin + `| fault | result | verdict | exit code | left | noticed | test |
|---|---|---|---|---|---|---|
| a quick one | none | – | 2 | nothing | at once | TestA |
| a slow one | partial | invalid | 5 | nothing | 1s | TestB (` + "`make faults`" + `) |
` + end + "more\n"
	if page != want {
		t.Errorf("got\n%s\nwant\n%s", page, want)
	}
}

func TestAPageWithoutAPlaceForTheTableIsLeftAlone(t *testing.T) {
	if _, err := Into("# Page\n", "| a row |\n"); err == nil || !strings.Contains(err.Error(), "no place") {
		t.Errorf("error %v", err)
	}
}
