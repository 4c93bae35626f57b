package handoff

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Files of the outbox. The manifest is written last: when it is there, the result is whole.
const (
	resultFile    = "result.json"
	manifestFile  = "manifest.json"
	heartbeatFile = "heartbeat"
)

// Outbox is the folder through which the runner hands its result to the results container.
type Outbox struct {
	// Dir is OutDir in the pod.
	Dir string
}

// manifest describes what lies in the outbox.
type manifest struct {
	RunID   string   `json:"runID"`
	Verdict string   `json:"verdict,omitempty"`
	Bytes   int      `json:"bytes"`
	SHA256  string   `json:"sha256,omitempty"`
	Problem *Problem `json:"problem,omitempty"`
}

// Heartbeat tells that the runner lives. The time of the file counts, not its content.
func (o Outbox) Heartbeat(now time.Time) error {
	return o.write(heartbeatFile, []byte(now.UTC().Format(time.RFC3339Nano)+"\n"))
}

// Finish hands over the result.
func (o Outbox) Finish(runID, verdict string, content []byte) error {
	if err := o.write(resultFile, content); err != nil {
		return err
	}
	return o.seal(manifest{RunID: runID, Verdict: verdict, Bytes: len(content), SHA256: Sum(content)})
}

// Fail hands over why there will be no result.
func (o Outbox) Fail(runID string, problem *Problem) error {
	return o.seal(manifest{RunID: runID, Problem: problem})
}

func (o Outbox) seal(m manifest) error {
	encoded, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encoding the manifest: %w", err)
	}
	return o.write(manifestFile, encoded)
}

// write puts a file in place whole or not at all: another container reads it.
func (o Outbox) write(name string, content []byte) error {
	temporary, err := os.CreateTemp(o.Dir, "."+name+".*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	defer func() { _ = os.Remove(temporary.Name()) }() // gone already when it was renamed
	_, err = temporary.Write(content)
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

// read returns the manifest and the result that it describes; false while there is no manifest.
func (o Outbox) read() (manifest, []byte, bool, error) {
	encoded, err := os.ReadFile(filepath.Join(o.Dir, manifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return manifest{}, nil, false, nil
	}
	if err != nil {
		return manifest{}, nil, false, fmt.Errorf("reading the manifest: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(encoded, &m); err != nil {
		return manifest{}, nil, false, fmt.Errorf("reading the manifest: %w", err)
	}
	if m.Problem != nil {
		return m, nil, true, nil //nolint:nilerr // a problem that was read is what was asked for
	}
	content, err := o.readResult(m)
	return m, content, err == nil, err
}

func (o Outbox) readResult(m manifest) ([]byte, error) {
	file, err := os.Open(filepath.Join(o.Dir, resultFile))
	if err != nil {
		return nil, fmt.Errorf("opening the result: %w", err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	content, err := io.ReadAll(io.LimitReader(file, MaxContent))
	if err != nil {
		return nil, fmt.Errorf("reading the result: %w", err)
	}
	if len(content) != m.Bytes || Sum(content) != m.SHA256 {
		return nil, fmt.Errorf("the result has %d bytes and sha256 %s, its manifest says %d and %s",
			len(content), Sum(content), m.Bytes, m.SHA256)
	}
	return content, nil
}

// lastSign returns the time of the runner's last heartbeat; false when there was none.
func (o Outbox) lastSign() (time.Time, bool) {
	info, err := os.Stat(filepath.Join(o.Dir, heartbeatFile))
	if err != nil {
		return time.Time{}, false
	}
	return info.ModTime(), true
}
