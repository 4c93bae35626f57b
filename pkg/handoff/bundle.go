package handoff

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// bundlePrefix starts the names of a bundle's chunks in ScenarioDir.
const bundlePrefix = "bundle."

// maxUnpacked bounds what a bundle may unfold to: KFP takes packages of 32 MiB, and a scenario may
// name several.
const maxUnpacked = 256 << 20

// File is one file of a bundle.
type File struct {
	// Name is a slash-separated path inside the bundle.
	Name    string
	Content []byte
}

// ChunkName is the name, in ScenarioDir, of the bundle's chunk with this index.
func ChunkName(index int) string { return fmt.Sprintf("%s%03d", bundlePrefix, index) }

// Pack compresses files into a bundle. The same files give the same bytes.
func Pack(files []File) ([]byte, error) {
	var packed bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	archive := tar.NewWriter(compressed)
	for _, file := range files {
		header := &tar.Header{Name: file.Name, Mode: 0o444, Size: int64(len(file.Content)), Format: tar.FormatPAX}
		if err := archive.WriteHeader(header); err != nil {
			return nil, fmt.Errorf("packing %q: %w", file.Name, err)
		}
		if _, err := archive.Write(file.Content); err != nil {
			return nil, fmt.Errorf("packing %q: %w", file.Name, err)
		}
	}
	if err := errors.Join(archive.Close(), compressed.Close()); err != nil {
		return nil, fmt.Errorf("packing the bundle: %w", err)
	}
	return packed.Bytes(), nil
}

// Unpack returns the files of a bundle. It refuses names that leave the folder that they are unpacked
// to, names that come twice, anything but plain files, and bundles that unfold to more than 256 MiB.
func Unpack(bundle []byte) ([]File, error) {
	compressed, err := gzip.NewReader(bytes.NewReader(bundle))
	if err != nil {
		return nil, fmt.Errorf("opening the bundle: %w", err)
	}
	content := &io.LimitedReader{R: compressed, N: maxUnpacked + 1}
	var files []File
	for archive := tar.NewReader(content); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the bundle: %w", err)
		}
		file, err := unpackFile(header, archive)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(files, func(f File) bool { return f.Name == file.Name }) {
			return nil, fmt.Errorf("the bundle holds %q twice", file.Name)
		}
		if content.N <= 0 {
			return nil, fmt.Errorf("the bundle unfolds to more than %d MiB", maxUnpacked>>20)
		}
		files = append(files, file)
	}
}

func unpackFile(header *tar.Header, archive io.Reader) (File, error) {
	if header.Typeflag != tar.TypeReg || !fs.ValidPath(header.Name) {
		return File{}, fmt.Errorf("the bundle holds %q, which is not a plain file inside it", header.Name)
	}
	content, err := io.ReadAll(archive)
	if err != nil {
		return File{}, fmt.Errorf("reading %q in the bundle: %w", header.Name, err)
	}
	return File{Name: header.Name, Content: content}, nil
}

// ReadBundle joins the chunks in a mounted folder and unpacks them. It returns false when the folder
// holds no chunk: then it holds plain files, as with `kubectl apply -k`.
func ReadBundle(dir string) ([]File, bool, error) {
	folder, err := os.OpenRoot(dir)
	if err != nil {
		return nil, false, fmt.Errorf("opening the scenario's folder: %w", err)
	}
	defer func() { _ = folder.Close() }() // nothing was written
	entries, err := fs.ReadDir(folder.FS(), ".")
	if err != nil {
		return nil, false, fmt.Errorf("reading the scenario's folder: %w", err)
	}
	var bundle []byte
	chunks := 0
	for _, entry := range entries { // ReadDir sorts by name
		if !strings.HasPrefix(entry.Name(), bundlePrefix) {
			continue
		}
		if entry.Name() != ChunkName(chunks) {
			return nil, true, fmt.Errorf("the bundle lacks %s in %s", ChunkName(chunks), path.Clean(dir))
		}
		chunk, err := folder.ReadFile(entry.Name())
		if err != nil {
			return nil, true, fmt.Errorf("reading %s of the bundle: %w", entry.Name(), err)
		}
		bundle = append(bundle, chunk...)
		chunks++
	}
	if chunks == 0 {
		return nil, false, nil
	}
	files, err := Unpack(bundle)
	return files, true, err
}
