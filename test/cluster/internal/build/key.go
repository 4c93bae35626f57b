package build

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// sources are the files of the family's folder that shape its programs; it has the first in any case.
func (f Family) sources() []string {
	if len(f.Scripts) > 0 {
		return append([]string{requirements}, f.Scripts...)
	}
	files := []string{"go.mod", "go.sum", "main.go"}
	for _, step := range f.Steps {
		files = append(files, slices.Sorted(maps.Keys(step.Patches))...)
	}
	return files
}

// key hashes all that shapes a family's programs: the compiler, the recipe and the files beside it.
func key(f Family, source, compiler string) (string, error) {
	recipe, err := json.Marshal(f)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	sum.Write([]byte(compiler))
	sum.Write(recipe)
	for i, name := range f.sources() {
		data, err := os.ReadFile(filepath.Join(source, name))
		if errors.Is(err, fs.ErrNotExist) && i > 0 {
			continue
		}
		if err != nil {
			return "", err
		}
		file := sha256.Sum256(data)
		sum.Write([]byte(name))
		sum.Write(file[:])
	}
	return hex.EncodeToString(sum.Sum(nil))[:12], nil
}
