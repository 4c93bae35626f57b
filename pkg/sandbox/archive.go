package sandbox

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"path"
	"slices"
)

// maxPackage is the largest package that KFP takes, packed or not: 32 MB.
const maxPackage = 32 << 20

var (
	errTooLarge  = errors.New("File size too large. Maximum supported size: 33554432") //nolint:staticcheck,revive // KFP's words
	errNoPackage = errors.New("the archive has no YAML file")
)

// unpack returns the pipeline in an uploaded file. The format follows from the name, else from the first
// bytes; of an archive it is pipeline.yaml, else the first file.
func unpack(name string, file io.Reader) ([]byte, *refusal) {
	content, err := readPackage(file)
	extension := path.Ext(name)
	switch {
	case err != nil:
	case slices.Contains([]string{".yaml", ".yml", ".json"}, extension):
	case bytes.HasPrefix(content, []byte("PK")):
		content, err = unzip(content)
	case bytes.HasPrefix(content, []byte("\x1f\x8b")):
		content, err = untar(content)
	default:
		return nil, invalid("Unexpected pipeline file format. Support .zip, .tar.gz, .json or YAML")
	}
	if err != nil {
		return nil, &refusal{http.StatusBadRequest, codeInvalid, "Failed to read a pipeline spec file: " + err.Error()}
	}
	return content, nil
}

func unzip(packed []byte) ([]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, err
	}
	if len(archive.File) == 0 {
		return nil, errNoPackage
	}
	chosen := max(slices.IndexFunc(archive.File, func(f *zip.File) bool { return f.Name == "pipeline.yaml" }), 0)
	file, err := archive.File[chosen].Open()
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it is only read
	return readPackage(file)
}

func untar(packed []byte) ([]byte, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	archive := tar.NewReader(unzipped)
	var first []byte
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		content, err := readPackage(archive)
		if err != nil || header.Name == "pipeline.yaml" {
			return content, err
		}
		if first == nil {
			first = content
		}
	}
	if first == nil {
		return nil, errNoPackage
	}
	return first, nil
}

// readPackage reads to the end, within reason.
func readPackage(from io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(from, maxPackage+1))
	if err == nil && len(content) > maxPackage {
		err = errTooLarge
	}
	return content, err
}
