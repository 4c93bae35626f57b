package host

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Mount is one line of the kernel's table of mounts.
type Mount struct {
	Point  string
	Type   string
	Source string
}

// Mounts lists the mounts in the order they were made.
func Mounts() ([]Mount, error) {
	table, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	return parseMounts(string(table)), nil
}

func parseMounts(table string) []Mount {
	// The kernel writes a space in a path as \040.
	unescape := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
	var mounts []Mount
	for line := range strings.Lines(table) {
		before, after, found := strings.Cut(line, " - ")
		fields, tail := strings.Fields(before), strings.Fields(after)
		if !found || len(fields) < 5 || len(tail) < 2 {
			continue
		}
		mounts = append(mounts, Mount{Point: unescape.Replace(fields[4]), Type: tail[0], Source: tail[1]})
	}
	return mounts
}

// Within reports whether a path lies in one of the folders.
func Within(path string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool {
		return path == folder || strings.HasPrefix(path, filepath.Clean(folder)+"/")
	})
}

// RemoveTrees unmounts all that is mounted in the folders and then removes them. It removes nothing
// while a mount is left: the removal would go through it into what is mounted there.
func RemoveTrees(folders ...string) error {
	mounts, err := Mounts()
	if err != nil {
		return err
	}
	for _, mount := range slices.Backward(mounts) {
		if !Within(mount.Point, folders...) {
			continue
		}
		if err := syscall.Unmount(mount.Point, syscall.MNT_DETACH); err != nil {
			return fmt.Errorf("unmounting %s: %w", mount.Point, err)
		}
	}
	if mounts, err = Mounts(); err != nil {
		return err
	}
	for _, mount := range mounts {
		if Within(mount.Point, folders...) {
			return fmt.Errorf("%s is still mounted", mount.Point)
		}
	}
	for _, folder := range folders {
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
	}
	return nil
}
