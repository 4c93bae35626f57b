package handoff

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// Assembly puts a parcel together from what is read of its frames, be it in one piece or in several: what was
// read and checked is kept when a stream breaks. The zero value has none.
type Assembly struct {
	packed bytes.Buffer
	// next is the index of the frame that comes next, count how many there are; 0 while none was read.
	next, count int
	// sum is the content's, of the trailer; empty until that was read.
	sum string
}

// Next is the index of the first frame that is missing, from 0.
func (a *Assembly) Next() int { return a.next }

// Whole reports whether all frames and the trailer were read.
func (a *Assembly) Whole() bool { return a.sum != "" }

// Read takes the frames of a stream, in their order. Those that are there already are passed over, and so is
// every line that is no frame, as in the log of a container that says other things, too. A frame that is damaged,
// or missing before another, is an error; the end of the stream is none.
func (a *Assembly) Read(r io.Reader) error {
	lines := bufio.NewScanner(io.LimitReader(r, MaxContent))
	lines.Buffer(nil, max(2*framePayload, 2*maxLine))
	for !a.Whole() && lines.Scan() {
		var err error
		switch word, rest, _ := strings.Cut(lines.Text(), " "); word {
		case frameWord:
			err = a.frame(rest)
		case endWord:
			err = a.trailer(rest)
		}
		if err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("reading the framed result after frame %d: %w", a.next, err)
	}
	return nil
}

// frame takes what stands behind the first word of a frame.
func (a *Assembly) frame(rest string) error {
	var index, count int
	var crc uint32
	var encoded string
	if _, err := fmt.Sscanf(rest, "%d %d %x %s", &index, &count, &crc, &encoded); err != nil {
		return fmt.Errorf("the line after frame %d of the result is no whole frame", a.next)
	}
	switch {
	case a.count != 0 && count != a.count:
		return fmt.Errorf("frame %d of the result is of another, which has %d frames and not %d", index+1, count, a.count)
	case index < a.next:
		return nil
	case index > a.next:
		return fmt.Errorf("frame %d of %d of the result is missing: frame %d stands in its place", a.next+1, count, index+1)
	}
	payload, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return fmt.Errorf("frame %d of %d of the result is not base64: %w", index+1, count, err)
	}
	if got := crc32.ChecksumIEEE(payload); got != crc {
		return fmt.Errorf("frame %d of %d of the result is damaged: CRC-32 %08x, not %08x", index+1, count, got, crc)
	}
	a.packed.Write(payload)
	a.next, a.count = index+1, count
	return nil
}

// trailer takes what stands behind the first word of the trailer.
func (a *Assembly) trailer(rest string) error {
	var count int
	var sum string
	if _, err := fmt.Sscanf(rest, "%d %s", &count, &sum); err != nil {
		return fmt.Errorf("the trailer of the framed result is damaged: %w", err)
	}
	if count != a.next {
		return fmt.Errorf("the framed result has %d of %d frames", a.next, count)
	}
	a.sum = sum
	return nil
}

// Content returns what was packed, if all of it was read and is right.
func (a *Assembly) Content() ([]byte, error) {
	if !a.Whole() {
		return nil, fmt.Errorf("the framed result has no trailer: it ends after frame %d", a.next)
	}
	return Parcel{SHA256: a.sum, Packed: a.packed.Bytes()}.Unpack()
}

// ReadFrames reads a whole result from one stream.
func ReadFrames(r io.Reader) ([]byte, error) {
	var a Assembly
	if err := a.Read(r); err != nil {
		return nil, err
	}
	return a.Content()
}
