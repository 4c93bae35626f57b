package handoff

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Files of the outbox.
const (
	// resultFile is there when the runner has ended its work.
	resultFile = "result"
	// checkpointFile is what there would be of a result if the runner died now; each replaces the one before, so
	// that they never take more room than one result.
	checkpointFile = "checkpoint"
	heartbeatFile  = "heartbeat"
	// heldFile names the one of the two that is held to be fetched.
	heldFile = "held"
	// shippedFile is there when the results container has done its work.
	shippedFile = "shipped"
)

// Outbox is the folder through which the runner hands its result to the results container.
type Outbox struct {
	// Dir is OutDir in the pod.
	Dir string
}

// label describes a parcel in the outbox. In its file it is the first line, and the parcel the rest.
type label struct {
	RunID   string `json:"runID"`
	Verdict string `json:"verdict,omitempty"`
	// Bytes and SHA256 are the content's; PackedSHA256 is that of the rest of the file.
	Bytes        int      `json:"bytes,omitempty"`
	SHA256       string   `json:"sha256,omitempty"`
	PackedSHA256 string   `json:"packedSHA256,omitempty"`
	Problem      *Problem `json:"problem,omitempty"`
}

// Heartbeat tells that the runner lives. The time of the file counts, not its content.
func (o Outbox) Heartbeat(now time.Time) error {
	return o.write(heartbeatFile, []byte(now.UTC().Format(time.RFC3339Nano)+"\n"))
}

// Finish hands over the result.
func (o Outbox) Finish(runID, verdict string, p Parcel) error {
	return o.put(resultFile, runID, verdict, p)
}

// Checkpoint leaves what there is of a result, for the case that the runner dies.
func (o Outbox) Checkpoint(runID, verdict string, p Parcel) error {
	return o.put(checkpointFile, runID, verdict, p)
}

// Fail hands over why there will be no result.
func (o Outbox) Fail(runID string, problem *Problem) error {
	return o.seal(resultFile, label{RunID: runID, Problem: problem}, nil)
}

// Shipped tells the runner that nothing more is to be done.
func (o Outbox) Shipped() error { return o.write(shippedFile, nil) }

func (o Outbox) put(name, runID, verdict string, p Parcel) error {
	return o.seal(name, label{
		RunID: runID, Verdict: verdict, Bytes: p.Bytes, SHA256: p.SHA256, PackedSHA256: Sum(p.Packed),
	}, p.Packed)
}

func (o Outbox) seal(name string, l label, packed []byte) error {
	encoded, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("encoding the label of %s: %w", name, err)
	}
	return o.write(name, encoded, []byte("\n"), packed)
}

// write puts a file in place whole or not at all: another container reads it.
func (o Outbox) write(name string, parts ...[]byte) error {
	temporary, err := os.CreateTemp(o.Dir, "."+name+".*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	defer func() { _ = os.Remove(temporary.Name()) }() // gone already when it was renamed
	for _, part := range parts {
		_, failure := temporary.Write(part)
		err = errors.Join(err, failure)
	}
	err = errors.Join(err, temporary.Sync(), temporary.Close())
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := os.Rename(temporary.Name(), filepath.Join(o.Dir, name)); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return syncDir(o.Dir)
}

// syncDir makes the renaming of a file in dir last.
func syncDir(dir string) error {
	folder, err := os.Open(dir) //nolint:gosec // the outbox, given by our own Job
	if err != nil {
		return fmt.Errorf("syncing the outbox: %w", err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// has reports whether a file is there.
func (o Outbox) has(name string) bool {
	_, err := os.Stat(filepath.Join(o.Dir, name))
	return err == nil
}

// read returns a parcel and its label; false while there is none.
func (o Outbox) read(name string) (label, Parcel, bool, error) {
	var l label
	file, err := os.Open(filepath.Join(o.Dir, name)) //nolint:gosec // a file of the outbox, by its own name
	if errors.Is(err, fs.ErrNotExist) {
		return l, Parcel{}, false, nil
	}
	if err != nil {
		return l, Parcel{}, false, fmt.Errorf("opening the %s: %w", name, err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	content, err := whole(file)
	if err != nil {
		return l, Parcel{}, false, fmt.Errorf("reading the %s: %w", name, err)
	}
	first, packed, _ := bytes.Cut(content, []byte("\n"))
	if err := json.Unmarshal(first, &l); err != nil {
		return l, Parcel{}, false, fmt.Errorf("reading the label of the %s: %w", name, err)
	}
	if l.Problem == nil && Sum(packed) != l.PackedSHA256 {
		return l, Parcel{}, false, fmt.Errorf("the %s has %d bytes and sha256 %s, its label says %s", name, len(packed), Sum(packed), l.PackedSHA256)
	}
	return l, Parcel{Bytes: l.Bytes, SHA256: l.SHA256, Packed: packed}, true, nil
}

// whole reads a file into as much memory as it takes, of which the results container has little.
func whole(file *os.File) ([]byte, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > MaxContent {
		return nil, fmt.Errorf("it has %d bytes, more than the %d of any result", info.Size(), MaxContent)
	}
	content := make([]byte, info.Size())
	_, err = io.ReadFull(file, content)
	return content, err
}

// WriteHeld writes the frames of the result that the results container holds, from index first on, and the trailer; false
// while it holds none. It reads the result piece by piece: whoever fetches a large one shares the memory of that
// container, and after a stream that broke there are two of them.
func (o Outbox) WriteHeld(w io.Writer, first int) (held bool, err error) {
	name, err := os.ReadFile(filepath.Join(o.Dir, heldFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for the result that is held: %w", err)
	}
	file, err := os.Open(filepath.Join(o.Dir, filepath.Base(string(name))))
	if err != nil {
		return false, fmt.Errorf("opening the result that is held: %w", err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	var l label
	var info fs.FileInfo
	head, err := bufio.NewReader(file).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(head, &l)
	}
	if err == nil {
		info, err = file.Stat()
	}
	if err == nil {
		_, err = file.Seek(int64(len(head))+int64(first)*framePayload, io.SeekStart)
	}
	if err != nil {
		return false, fmt.Errorf("reading the result that is held: %w", err)
	}
	return true, writeFrames(w, file, first, framesOf(int(info.Size())-len(head)), l.SHA256)
}

// lastSign returns the time of the runner's last heartbeat; false when there was none.
func (o Outbox) lastSign() (time.Time, bool) {
	info, err := os.Stat(filepath.Join(o.Dir, heartbeatFile))
	if err != nil {
		return time.Time{}, false
	}
	return info.ModTime(), true
}
