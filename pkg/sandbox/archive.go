package sandbox

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
)

// maxPackage is the largest package that KFP takes, packed or not: 32 MB.
const maxPackage = 32 << 20

// packageName is the file that KFP looks for in an archive.
const packageName = "pipeline.yaml"

var (
	errTooLarge  = errors.New("File size too large. Maximum supported size: 33554432") //nolint:staticcheck,revive // KFP's words
	errNoPackage = errors.New("the archive has no pipeline.yaml, and its first file is no YAML")
)

// unpack returns the pipeline in an uploaded file. The format follows from the name, else from the first
// bytes; of an archive it is pipeline.yaml, else the first file, which must be YAML then.
func unpack(name string, file io.Reader) ([]byte, *refusal) {
	content, err := readPackage(file)
	switch {
	case err != nil:
	case isYAML(name), strings.HasSuffix(name, ".json"):
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
	chosen := max(slices.IndexFunc(archive.File, func(f *zip.File) bool { return f.Name == packageName }), 0)
	if len(archive.File) == 0 || !isYAML(archive.File[chosen].Name) {
		return nil, errNoPackage
	}
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
	for number := 0; ; number++ {
		header, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF) && first == nil:
			return nil, errNoPackage
		case errors.Is(err, io.EOF):
			return first, nil
		case err != nil:
			return nil, err
		case header.Name == packageName:
			return readPackage(archive)
		case number == 0 && isYAML(header.Name):
			if first, err = readPackage(archive); err != nil {
				return nil, err
			}
		}
	}
}

// isYAML goes by the name, as KFP does.
func isYAML(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// readPackage reads to the end, within reason.
func readPackage(from io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(from, maxPackage+1))
	if err == nil && len(content) > maxPackage {
		err = errTooLarge
	}
	return content, err
}
