package conformance

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"testing"
)

func zipped(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	file, err := archive.Create(name)
	if err == nil {
		_, err = file.Write(content)
	}
	end(t, err, archive)
	return packed.Bytes()
}

func tarred(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	compressed := gzip.NewWriter(&packed)
	archive := tar.NewWriter(compressed)
	err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content))})
	if err == nil {
		_, err = archive.Write(content)
	}
	end(t, err, archive, compressed)
	return packed.Bytes()
}

// end closes writers in order, unless something failed before.
func end(t *testing.T, err error, writers ...io.Closer) {
	t.Helper()
	for _, w := range writers {
		if err == nil {
			err = w.Close()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}
