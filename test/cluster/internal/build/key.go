package build

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// key hashes all that shapes a family's programs: the compiler, the recipe and the files beside it.
func key(f Family, source, compiler string) (string, error) {
	recipe, err := json.Marshal(f)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	sum.Write([]byte(compiler))
	sum.Write(recipe)
	for _, name := range []string{"go.mod", "go.sum", "main.go"} {
		data, err := os.ReadFile(filepath.Join(source, name))
		if errors.Is(err, fs.ErrNotExist) && name != "go.mod" {
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
