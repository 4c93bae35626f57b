package handoff

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// noise is content that does not compress.
func noise(bytes int) []byte {
	content := make([]byte, bytes)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(content) // never fails
	return content
}

func TestFramesRoundTrip(t *testing.T) {
	for _, size := range []int{0, 1, framePayload, framePayload * 3, 1 << 20} {
		content := noise(size)
		var log bytes.Buffer
		framed, err := WriteFrames(&log, content)
		if err != nil {
			t.Fatal(err)
		}
		if framed.Bytes != size || framed.SHA256 != Sum(content) || framed.Chunks != strings.Count(log.String(), "\n")-1 {
			t.Errorf("%d bytes: %+v", size, framed)
		}
		for line := range strings.Lines(log.String()) {
			if len(line) > 12<<10 {
				t.Fatalf("a line of %d bytes", len(line))
			}
		}
		got, err := ReadFrames(&log)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes came back as %d: %v", size, len(got), err)
		}
	}
}

func TestDamagedFramesAreRefused(t *testing.T) {
	var log bytes.Buffer
	if _, err := WriteFrames(&log, noise(5*framePayload)); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(log.String(), "\n"), "\n")
	last := len(lines) - 1
	join := func(lines ...string) string { return strings.Join(lines, "") }
	for name, c := range map[string]struct{ log, says string }{
		"empty":           {"", "no trailer: it ends after frame 0"},
		"cut":             {join(lines[:3]...), "no trailer: it ends after frame 3"},
		"missing":         {join(lines[0], join(lines[2:]...)), "frame 2 of 6 of the result is missing"},
		"twice":           {join(lines[0], lines[0]), "frame 1 stands in its place"},
		"first is gone":   {join(lines[1:]...), "frame 1 of 6 of the result is missing"},
		"last is gone":    {join(join(lines[:last-1]...), lines[last]), "has 5 of 6 frames"},
		"a print between": {join(lines[0], "warning\n", join(lines[1:]...)), "line 2 of the framed result is no frame"},
		"a changed byte":  {strings.Replace(join(lines...), lines[2][60:64], flip(lines[2][60:64]), 1), "frame 3 of 6 of the result is damaged"},
		"goes on":         {join(lines...) + "\nmore\n", "goes on after its trailer"},
		"other content":   {join(join(lines[:last]...), endWord+" 6 "+strings.Repeat("0", 64)), "the result is damaged: sha256"},
	} {
		t.Run(name, func(t *testing.T) {
			content, err := ReadFrames(strings.NewReader(c.log))
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%d bytes, error %v; want %q", len(content), err, c.says)
			}
		})
	}
}

// flip returns other base64 of the same length.
func flip(encoded string) string {
	return strings.Map(func(r rune) rune {
		if r == 'A' {
			return 'B'
		}
		return 'A'
	}, encoded)
}
