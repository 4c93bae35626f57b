package handoff

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// A frame is a line "kfpperf-frame INDEX COUNT CRC32 BASE64", the trailer after the last is
// "kfpperf-end COUNT SHA256". Payloads are pieces of the gzipped content; CRC32 (IEEE, hexadecimal) is
// the payload's, SHA256 the content's. 8 KiB of payload make lines of 11 KiB, below the 16 KiB at which
// containerd splits them.
const (
	frameWord    = "kfpperf-frame"
	endWord      = "kfpperf-end"
	framePayload = 8 << 10
	// frameLine is the longest frame, and what a container runtime puts before each line of a log.
	frameLine = framePayload/3*4 + 128
)

// IsFrame reports whether a line of a log belongs to a framed result, and is not for people.
func IsFrame(line string) bool {
	return strings.HasPrefix(line, frameWord+" ") || strings.HasPrefix(line, endWord+" ")
}

// MaxContent bounds the content of frames, encoded or not, against a log that would not end.
const MaxContent = 512 << 20

// Parcel is a result as it travels: compressed, and cut into frames.
type Parcel struct {
	// Bytes and SHA256 are the content's.
	Bytes  int
	SHA256 string
	// Packed is the content, gzipped.
	Packed []byte
}

// NewParcel packs a content.
func NewParcel(content []byte) (Parcel, error) {
	var packed bytes.Buffer
	compressed := gzip.NewWriter(&packed)
	if _, err := compressed.Write(content); err != nil {
		return Parcel{}, fmt.Errorf("compressing the result: %w", err)
	}
	if err := compressed.Close(); err != nil {
		return Parcel{}, fmt.Errorf("compressing the result: %w", err)
	}
	return Parcel{Bytes: len(content), SHA256: Sum(content), Packed: packed.Bytes()}, nil
}

// Frames is how many frames the parcel has.
func (p Parcel) Frames() int { return framesOf(len(p.Packed)) }

func framesOf(packed int) int { return (packed + framePayload - 1) / framePayload }

// LogBytes is about how much of a log the parcel takes.
func (p Parcel) LogBytes() int { return p.Frames() * frameLine }

// WriteFrames writes the frames from index first (from 0) on, and the trailer.
func (p Parcel) WriteFrames(w io.Writer, first int) error {
	rest := p.Packed[min(first*framePayload, len(p.Packed)):]
	return writeFrames(w, bytes.NewReader(rest), first, p.Frames(), p.SHA256)
}

// writeFrames writes what it reads as the frames from index first to the last of count, and the trailer. It holds no
// more than one of them.
func writeFrames(w io.Writer, packed io.Reader, first, count int, sum string) error {
	out := bufio.NewWriter(w)
	payload := make([]byte, framePayload)
	for index := first; index < count; index++ {
		n, err := io.ReadFull(packed, payload)
		if err != nil && (index+1 < count || n == 0) {
			return fmt.Errorf("reading frame %d of %d: %w", index+1, count, err)
		}
		_, err = fmt.Fprintf(out, "%s %d %d %08x %s\n", frameWord, index, count,
			crc32.ChecksumIEEE(payload[:n]), base64.StdEncoding.EncodeToString(payload[:n]))
		if err != nil {
			return fmt.Errorf("writing frame %d of %d: %w", index+1, count, err)
		}
	}
	if _, err := fmt.Fprintf(out, "%s %d %s\n", endWord, count, sum); err != nil {
		return fmt.Errorf("writing the trailer: %w", err)
	}
	return out.Flush()
}

// Unpack returns the content, after a look at whether it is what the parcel says.
func (p Parcel) Unpack() ([]byte, error) {
	compressed, err := gzip.NewReader(bytes.NewReader(p.Packed))
	if err != nil {
		return nil, fmt.Errorf("unfolding the result: %w", err)
	}
	content, err := io.ReadAll(io.LimitReader(compressed, MaxContent))
	if err != nil {
		return nil, fmt.Errorf("unfolding the result: %w", err)
	}
	if got := Sum(content); got != p.SHA256 {
		return nil, fmt.Errorf("the result is damaged: sha256 %s, not %s", got, p.SHA256)
	}
	return content, nil
}

// Sum is the lower-case hexadecimal SHA-256 of content.
func Sum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
