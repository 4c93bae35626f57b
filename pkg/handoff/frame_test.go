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

// parcelOf packs a content.
func parcelOf(t *testing.T, content []byte) Parcel {
	t.Helper()
	p, err := NewParcel(content)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// framed are the lines of a content's frames, from one on, and of the trailer.
func framed(t *testing.T, content []byte, first int) []string {
	t.Helper()
	var log bytes.Buffer
	if err := parcelOf(t, content).WriteFrames(&log, first); err != nil {
		t.Fatal(err)
	}
	return strings.SplitAfter(strings.TrimSuffix(log.String(), "\n"), "\n")
}

func TestFramesRoundTrip(t *testing.T) {
	for _, size := range []int{0, 1, framePayload, framePayload * 3, 1 << 20} {
		content := noise(size)
		p, lines := parcelOf(t, content), framed(t, content, 0)
		if p.Bytes != size || p.SHA256 != Sum(content) || p.Frames() != len(lines)-1 {
			t.Errorf("%d bytes: %d, %s, %d frames", size, p.Bytes, p.SHA256, p.Frames())
		}
		for _, line := range lines {
			if len(line) > 12<<10 {
				t.Fatalf("a line of %d bytes", len(line))
			}
		}
		log := strings.Join(lines, "")
		if len(log) > p.LogBytes()+frameLine {
			t.Errorf("%d bytes of log, %d were announced", len(log), p.LogBytes())
		}
		got, err := ReadFrames(strings.NewReader(log))
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes came back as %d: %v", size, len(got), err)
		}
	}
}

func TestDamagedFramesAreRefused(t *testing.T) {
	lines := framed(t, noise(5*framePayload), 0)
	last := len(lines) - 1
	join := func(lines ...string) string { return strings.Join(lines, "") }
	for name, c := range map[string]struct{ log, says string }{
		"empty":          {"", "no trailer: it ends after frame 0"},
		"cut":            {join(lines[:3]...), "no trailer: it ends after frame 3"},
		"cut in a line":  {join(lines[:3]...) + lines[3][:500], "frame 4 of 6 of the result"},
		"cut in a word":  {join(lines[:3]...) + lines[3][:20], "after frame 3 of the result is no whole frame"},
		"missing":        {join(lines[0], join(lines[2:]...)), "frame 2 of 6 of the result is missing"},
		"of another":     {join(lines[0], "kfpperf-frame 1 9 00000000 AAAA\n"), "has 9 frames and not 6"},
		"first is gone":  {join(lines[1:]...), "frame 1 of 6 of the result is missing"},
		"last is gone":   {join(join(lines[:last-1]...), lines[last]), "has 5 of 6 frames"},
		"a changed byte": {strings.Replace(join(lines...), lines[2][60:64], flip(lines[2][60:64]), 1), "frame 3 of 6 of the result is damaged"},
		"other content":  {join(join(lines[:last]...), endWord+" 6 "+strings.Repeat("0", 64)), "the result is damaged: sha256"},
	} {
		t.Run(name, func(t *testing.T) {
			content, err := ReadFrames(strings.NewReader(c.log))
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%d bytes, error %v; want %q", len(content), err, c.says)
			}
		})
	}
}

func TestWhatIsNoFrameIsPassedOver(t *testing.T) {
	content := noise(3 * framePayload)
	lines := framed(t, content, 0)
	log := "[7] 00:12 #1 done\t{}\n" + strings.Join(lines[:2], "warning: \x1b[31m\n") + lines[0] + strings.Join(lines[2:], "")
	got, err := ReadFrames(strings.NewReader(log))
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestAnAssemblyKeepsWhatItHasWhenAStreamBreaks(t *testing.T) {
	content := noise(9 * framePayload)
	var a Assembly
	if err := a.Read(strings.NewReader(strings.Join(framed(t, content, 0)[:4], ""))); err != nil || a.Next() != 4 || a.Whole() {
		t.Fatalf("next %d, whole %v, %v", a.Next(), a.Whole(), err)
	}
	cut := framed(t, content, a.Next())
	if err := a.Read(strings.NewReader(cut[0] + cut[1][:300])); err == nil || a.Next() != 5 {
		t.Fatalf("next %d, %v", a.Next(), err)
	}
	if err := a.Read(strings.NewReader(strings.Join(framed(t, content, a.Next()-1), ""))); err != nil || !a.Whole() {
		t.Fatalf("next %d, whole %v, %v", a.Next(), a.Whole(), err)
	}
	if got, err := a.Content(); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes, %v", len(got), err)
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
