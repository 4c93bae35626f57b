// Package image makes container images without a base: one static program in one layer. The same
// input gives the same bytes.
package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// user is a number that no account has; pod security asks for one that is not root's.
const user = "65532"

// Spec is what an image consists of.
type Spec struct {
	// Name is the full reference, registry and tag included.
	Name string
	// Binary is a static program on this machine.
	Binary string
	// Entrypoint is the program's path in the image.
	Entrypoint string
	// Files are further files by their path in the image.
	Files map[string][]byte
}

// Write makes the image and writes it as an archive that container runtimes import.
func Write(spec Spec, archive string) error {
	reference, err := name.NewTag(spec.Name, name.StrictValidation)
	if err != nil {
		return fmt.Errorf("image name %q: %w", spec.Name, err)
	}
	img, err := assemble(spec)
	if err != nil {
		return fmt.Errorf("making image %s: %w", spec.Name, err)
	}
	if err := tarball.WriteToFile(archive, reference, img); err != nil {
		return fmt.Errorf("writing image %s: %w", spec.Name, err)
	}
	return nil
}

func assemble(spec Spec) (v1.Image, error) {
	if !path.IsAbs(spec.Entrypoint) {
		return nil, fmt.Errorf("entrypoint %q is not an absolute path", spec.Entrypoint)
	}
	content, err := layerContent(spec)
	if err != nil {
		return nil, err
	}
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	// The archive never crosses a network: packing it would only cost time.
	layer, err := tarball.LayerFromOpener(open, tarball.WithCompressionLevel(gzip.NoCompression))
	if err != nil {
		return nil, err
	}
	img, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		return nil, err
	}
	file, err := img.ConfigFile()
	if err != nil {
		return nil, err
	}
	return mutate.ConfigFile(img, configure(file.DeepCopy(), spec))
}

func configure(file *v1.ConfigFile, spec Spec) *v1.ConfigFile {
	file.OS, file.Architecture = "linux", runtime.GOARCH
	file.Created = v1.Time{Time: time.Unix(0, 0).UTC()}
	file.Config = v1.Config{
		User:       user,
		WorkingDir: "/",
		Entrypoint: []string{spec.Entrypoint},
		Env:        []string{"PATH=/bin:" + path.Dir(spec.Entrypoint)},
	}
	return file
}

// openFolders are those that anyone may write: KFP's launcher, which runs in images of tasks, puts parameters
// below /tmp, and artifacts below a folder that bears the kind of their store.
func openFolders() []string { return []string{"/tmp", "/gcs", "/minio", "/s3"} }

// layerContent is a tar of the folders, the program and its files.
func layerContent(spec Spec) ([]byte, error) {
	program, err := os.ReadFile(spec.Binary)
	if err != nil {
		return nil, err
	}
	var content bytes.Buffer
	layer := layerWriter{tar: tar.NewWriter(&content), folders: map[string]bool{"/": true}}
	for _, folder := range openFolders() {
		layer.folder(folder, 0o1777)
	}
	layer.file(spec.Entrypoint, program, 0o755)
	for _, file := range slices.Sorted(maps.Keys(spec.Files)) {
		layer.file(file, spec.Files[file], 0o644)
	}
	if layer.err != nil {
		return nil, layer.err
	}
	return content.Bytes(), layer.tar.Close()
}

// layerWriter keeps the first error, so that a layer reads as a list of what it holds.
type layerWriter struct {
	tar     *tar.Writer
	folders map[string]bool
	err     error
}

func (w *layerWriter) folder(name string, mode int64) {
	if w.err != nil || w.folders[name] {
		return
	}
	w.folder(path.Dir(name), 0o755)
	w.folders[name] = true
	w.entry(tar.Header{Typeflag: tar.TypeDir, Name: strings.TrimPrefix(name, "/") + "/", Mode: mode}, nil)
}

func (w *layerWriter) file(name string, data []byte, mode int64) {
	w.folder(path.Dir(name), 0o755)
	w.entry(tar.Header{
		Typeflag: tar.TypeReg, Name: strings.TrimPrefix(name, "/"), Mode: mode, Size: int64(len(data)),
	}, data)
}

func (w *layerWriter) entry(header tar.Header, data []byte) {
	if w.err != nil {
		return
	}
	header.ModTime = time.Unix(0, 0)
	if w.err = w.tar.WriteHeader(&header); w.err == nil {
		_, w.err = w.tar.Write(data)
	}
}
