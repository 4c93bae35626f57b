package sandbox

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

// member is a file of an archive.
type member struct{ name, content string }

func zipped(t *testing.T, members ...member) []byte {
	t.Helper()
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestSpeed)
	})
	for _, m := range members {
		file, err := archive.Create(m.name)
		if err == nil {
			_, err = io.WriteString(file, m.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func tarred(t *testing.T, members ...member) []byte {
	t.Helper()
	var packed bytes.Buffer
	compressed := quick(t, &packed)
	archive := tar.NewWriter(compressed)
	for _, m := range members {
		err := archive.WriteHeader(&tar.Header{Name: m.name, Mode: 0o600, Size: int64(len(m.content))})
		if err == nil {
			_, err = io.WriteString(archive, m.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := compressed.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func TestFileInAnArchiveIsChosenAsKFPDoes(t *testing.T) {
	for name, c := range map[string]struct {
		members []member
		want    string
	}{
		"the only one":                 {[]member{{"one.yaml", "1"}}, "1"},
		"the only one, .yml":           {[]member{{"one.yml", "1"}}, "1"},
		"the first one":                {[]member{{"one.yaml", "1"}, {"two.yaml", "2"}}, "1"},
		"pipeline.yaml":                {[]member{{"one.yaml", "1"}, {"pipeline.yaml", "2"}}, "2"},
		"pipeline.yaml of anything":    {[]member{{"README", "1"}, {"data.bin", "2"}, {"pipeline.yaml", "3"}}, "3"},
		"pipeline.yaml, but elsewhere": {[]member{{"one.yaml", "1"}, {"in/pipeline.yaml", "2"}}, "1"},
		"an empty one":                 {[]member{{"one.yaml", ""}, {"two.yaml", "2"}}, ""},
	} {
		for format, packed := range map[string][]byte{"zip": zipped(t, c.members...), "tar.gz": tarred(t, c.members...)} {
			// The format follows from the content, not from the name.
			for _, file := range []string{"one.zip", "one.tar.gz", "one.tgz", "one"} {
				got, refused := unpack(file, bytes.NewReader(packed))
				if refused != nil || string(got) != c.want {
					t.Errorf("%s in a %s called %s: %q, %+v; want %q", name, format, file, got, refused, c.want)
				}
			}
		}
	}
}

func TestFileOfNoUseIsRefused(t *testing.T) {
	stranger := []member{{"README", waiting("")}, {"two.yaml", waiting("")}}
	whole := tarred(t, member{"pipeline.yaml", strings.Repeat("random", 1000)})
	for name, content := range map[string][]byte{
		"text":             []byte(waiting("")),
		"nothing":          nil,
		"no zip":           []byte("PK is no zip"),
		"no gzip":          []byte("\x1f\x8b is no gzip"),
		"no tar":           gzipped(t, []byte("no tar")),
		"half a tar":       whole[:len(whole)/2],
		"empty zip":        zipped(t),
		"empty tar":        tarred(t),
		"zip without YAML": zipped(t, stranger...),
		"tar without YAML": tarred(t, stranger...),
		"zip of too much":  zipped(t, member{"pipeline.yaml", strings.Repeat("a", maxPackage+1)}),
		"tar of too much":  tarred(t, member{"pipeline.yaml", strings.Repeat("a", maxPackage+1)}),
	} {
		t.Run(name, func(t *testing.T) {
			s := newSubject(Options{})
			status, contentType, answer := s.upload(t, "one", "one.package", content)
			if status != http.StatusBadRequest || contentType != "text/plain; charset=utf-8" || !strings.HasPrefix(answer, `{"error_`) {
				t.Errorf("answered %d %s: %.200s", status, contentType, answer)
			}
		})
	}
}

func TestLargestPackageIsTaken(t *testing.T) {
	content := bytes.Repeat([]byte("#"), maxPackage+1)
	if _, refused := unpack("one.yaml", bytes.NewReader(content[1:])); refused != nil {
		t.Errorf("32 MB are refused: %+v", refused)
	}
	if _, refused := unpack("one.yaml", bytes.NewReader(content)); refused == nil || !strings.Contains(refused.message, "33554432") {
		t.Errorf("a byte more is refused with %+v", refused)
	}
}

func TestUploadNeedsAFile(t *testing.T) {
	s := newSubject(Options{})
	for contentType, body := range map[string]string{
		"application/json": "{}", "multipart/form-data": "", "": "",
		"multipart/form-data; boundary=x": "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.yaml\"\r\n\r\na\r\n--x--\r\n",
	} {
		status, _, answer := s.ask(http.MethodPost, "/pipelines/upload?name=one", http.Header{"Content-Type": {contentType}}, strings.NewReader(body))
		if status != http.StatusBadRequest || !strings.HasPrefix(answer, `{"error_`) {
			t.Errorf("%s: answered %d %s", contentType, status, answer)
		}
	}
}

func gzipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	compressed := quick(t, &packed)
	if _, err := compressed.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := compressed.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// quick returns a writer that packs in a hurry: there is much to pack here.
func quick(t *testing.T, w io.Writer) *gzip.Writer {
	t.Helper()
	packer, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	return packer
}
