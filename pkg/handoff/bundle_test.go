package handoff

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func packed() []File {
	return []File{
		{Name: "smoke.json", Content: []byte(`[{"mode":"PIPELINE_RUN"}]`)},
		{Name: "pipelines/noop.yaml", Content: bytes.Repeat([]byte("kind: Workflow\n"), 1000)},
	}
}

func TestBundleRoundTrip(t *testing.T) {
	bundle, err := Pack(packed())
	if err != nil {
		t.Fatal(err)
	}
	files, err := Unpack(bundle)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(files, packed()) {
		t.Errorf("unpacked %v", files)
	}
	again, err := Pack(packed())
	if err != nil || !bytes.Equal(bundle, again) {
		t.Errorf("packing twice gives different bytes (%v)", err)
	}
}

func TestReadBundleJoinsChunks(t *testing.T) {
	bundle, err := Pack(packed())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, found, err := ReadBundle(dir); found || err != nil {
		t.Errorf("an empty folder: found %v, %v", found, err)
	}
	middle := len(bundle) / 2
	write(t, dir, ChunkName(0), bundle[:middle])
	write(t, dir, ChunkName(1), bundle[middle:])
	files, found, err := ReadBundle(dir)
	if err != nil || !found || !reflect.DeepEqual(files, packed()) {
		t.Errorf("found %v, %v: %v", found, err, files)
	}
	if err := os.Remove(filepath.Join(dir, ChunkName(0))); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadBundle(dir); err == nil || !strings.Contains(err.Error(), "lacks bundle.000") {
		t.Errorf("a missing chunk: %v", err)
	}
}

func TestUnpackRefuses(t *testing.T) {
	for name, header := range map[string]*tar.Header{
		"../escape":    {Name: "../escape", Typeflag: tar.TypeReg},
		"/etc/passwd":  {Name: "/etc/passwd", Typeflag: tar.TypeReg},
		"a/../../b":    {Name: "a/../../b", Typeflag: tar.TypeReg},
		"link":         {Name: "link", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"},
		"device":       {Name: "device", Typeflag: tar.TypeChar},
		"unterminated": nil,
	} {
		t.Run(strings.ReplaceAll(name, "/", "_"), func(t *testing.T) {
			var bundle bytes.Buffer
			compressed := gzip.NewWriter(&bundle)
			archive := tar.NewWriter(compressed)
			if header != nil {
				if err := archive.WriteHeader(header); err != nil {
					t.Fatal(err)
				}
			} else if _, err := compressed.Write([]byte("half a header")); err != nil {
				t.Fatal(err)
			}
			if err := compressed.Close(); err != nil {
				t.Fatal(err)
			}
			if files, err := Unpack(bundle.Bytes()); err == nil {
				t.Errorf("unpacked %v", files)
			}
		})
	}
	twice, err := Pack([]File{packed()[0], packed()[0]})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Unpack(twice); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("a name that comes twice: %v", err)
	}
	if _, err := Unpack([]byte("no gzip")); err == nil {
		t.Error("unpacked what is no bundle")
	}
}

func write(t *testing.T, dir, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}
