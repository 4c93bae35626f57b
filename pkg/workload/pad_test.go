package workload

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestPad(t *testing.T) {
	for _, test := range []struct {
		name, content, file string
		size                int64
		want                int // the length
		doubt               string
	}{
		{"not asked for", "root: {}\n", "a.yaml", 0, 9, ""},
		{"large enough", "root: {}\n", "a.yaml", 9, 9, ""},
		{"too large", "root: {}\n", "a.yaml", 5, 9, ""},
		{"by a byte", "root: {}\n", "a.yaml", 10, 10, ""},
		{"by two", "root: {}\n", "a.yaml", 11, 11, ""},
		{"by a line", "root: {}", "a.yaml", 109, 109, ""},
		{"by a line and a byte", "root: {}", "a.yml", 110, 110, ""},
		{"a text at the end", "a: 1\nb: |\n  text", "a.yaml", 1000, 1000, ""},
		{"a second document", cachedPipeline, "a.yaml", 20 << 20, 20 << 20, ""},
		{"JSON", "{}", "a.json", 100, 2, "JSON has no comments"},
		{"an archive", "\x1f\x8b\x08", "a.tar.gz", 100, 3, doubtArchive},
		{"an archive by another name", "PK\x03\x04", "a.yaml", 100, 4, doubtArchive},
	} {
		t.Run(test.name, func(t *testing.T) {
			original := []byte(test.content)
			padded, doubt := pad(original, test.file, test.size)
			if len(padded) != test.want || doubt != test.doubt || !bytes.HasPrefix(padded, original) || string(original) != test.content {
				t.Errorf("%d bytes, doubt %q", len(padded), doubt)
			}
			if isArchive(original) {
				return
			}
			if got, want := decoded(t, padded), decoded(t, original); !reflect.DeepEqual(got, want) {
				t.Errorf("it says %v now, and said %v", got, want)
			}
		})
	}
}

// decoded is what the first document says.
func decoded(t *testing.T, text []byte) map[string]any {
	t.Helper()
	said := map[string]any{}
	if err := yaml.NewDecoder(bytes.NewReader(text)).Decode(&said); err != nil {
		t.Fatal(err)
	}
	if b, ok := said["b"].(string); ok {
		said["b"] = strings.TrimRight(b, "\n") // the file's last line had no end
	}
	return said
}
