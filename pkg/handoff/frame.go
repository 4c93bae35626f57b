package handoff

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
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
)

// MaxContent bounds the content of frames, encoded or not, against a log that would not end.
const MaxContent = 512 << 20

// Framed counts what WriteFrames wrote.
type Framed struct {
	// Bytes and SHA256 are the content's.
	Bytes  int
	SHA256 string
	// Chunks is the number of frames.
	Chunks int
}

// WriteFrames writes content as frames and a trailer.
func WriteFrames(w io.Writer, content []byte) (Framed, error) {
	var packed bytes.Buffer
	compressed := gzip.NewWriter(&packed)
	if _, err := compressed.Write(content); err != nil {
		return Framed{}, fmt.Errorf("compressing the result: %w", err)
	}
	if err := compressed.Close(); err != nil {
		return Framed{}, fmt.Errorf("compressing the result: %w", err)
	}
	out := bufio.NewWriter(w)
	count := (packed.Len() + framePayload - 1) / framePayload
	for index := range count {
		payload := packed.Next(framePayload)
		_, err := fmt.Fprintf(out, "%s %d %d %08x %s\n", frameWord, index, count,
			crc32.ChecksumIEEE(payload), base64.StdEncoding.EncodeToString(payload))
		if err != nil {
			return Framed{}, fmt.Errorf("writing frame %d of %d: %w", index+1, count, err)
		}
	}
	sum := Sum(content)
	if _, err := fmt.Fprintf(out, "%s %d %s\n", endWord, count, sum); err != nil {
		return Framed{}, fmt.Errorf("writing the trailer: %w", err)
	}
	return Framed{Bytes: len(content), SHA256: sum, Chunks: count}, out.Flush()
}

// ReadFrames reads back what WriteFrames wrote, and nothing else: every frame in its place, every
// checksum right, the trailer last. Any other log is an error that says what is wrong with it.
func ReadFrames(r io.Reader) ([]byte, error) {
	lines := bufio.NewScanner(io.LimitReader(r, MaxContent))
	lines.Buffer(nil, 2*framePayload)
	var packed bytes.Buffer
	frames := 0
	for lines.Scan() {
		line := lines.Text()
		if rest, found := strings.CutPrefix(line, endWord+" "); found {
			return finishFrames(&packed, frames, rest, lines)
		}
		payload, err := readFrame(line, frames)
		if err != nil {
			return nil, err
		}
		packed.Write(payload)
		frames++
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading the framed result after frame %d: %w", frames, err)
	}
	return nil, fmt.Errorf("the framed result has no trailer: it ends after frame %d", frames)
}

// readFrame checks the frame that has to come next.
func readFrame(line string, want int) ([]byte, error) {
	var index, count int
	var crc uint32
	var encoded string
	if _, err := fmt.Sscanf(line, frameWord+" %d %d %x %s", &index, &count, &crc, &encoded); err != nil {
		return nil, fmt.Errorf("line %d of the framed result is no frame", want+1)
	}
	if index != want {
		return nil, fmt.Errorf("frame %d of %d of the result is missing: frame %d stands in its place", want+1, count, index+1)
	}
	payload, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, fmt.Errorf("frame %d of %d of the result is not base64: %w", index+1, count, err)
	}
	if got := crc32.ChecksumIEEE(payload); got != crc {
		return nil, fmt.Errorf("frame %d of %d of the result is damaged: CRC-32 %08x, not %08x", index+1, count, got, crc)
	}
	return payload, nil
}

// finishFrames checks the trailer and unfolds the content.
func finishFrames(packed *bytes.Buffer, frames int, trailer string, rest *bufio.Scanner) ([]byte, error) {
	var count int
	var sum string
	if _, err := fmt.Sscanf(trailer, "%d %s", &count, &sum); err != nil {
		return nil, fmt.Errorf("the trailer of the framed result is damaged: %w", err)
	}
	if count != frames {
		return nil, fmt.Errorf("the framed result has %d of %d frames", frames, count)
	}
	if rest.Scan() {
		return nil, errors.New("the framed result goes on after its trailer")
	}
	compressed, err := gzip.NewReader(packed)
	if err != nil {
		return nil, fmt.Errorf("unfolding the result: %w", err)
	}
	content, err := io.ReadAll(io.LimitReader(compressed, MaxContent))
	if err != nil {
		return nil, fmt.Errorf("unfolding the result: %w", err)
	}
	if got := Sum(content); got != sum {
		return nil, fmt.Errorf("the result is damaged: sha256 %s, not %s", got, sum)
	}
	return content, nil
}

// Sum is the lower-case hexadecimal SHA-256 of content.
func Sum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
