package host

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Folders whose places the container runtime, the CNI library and the kubelet do not let us choose.
const (
	shimSockets   = "/run/containerd/s"
	cniResults    = "/var/lib/cni/results"
	containerLogs = "/var/log/containers"
	devicePlugins = "/var/lib/kubelet/device-plugins"
)

// RemoveLeftovers removes the files of a stopped cluster that lie outside its own folders: dead
// sockets, the records of a CNI network and of its pods' loopback devices, links to logs below
// state. A folder that is empty then goes too. Pods are the pods' unique ids.
func RemoveLeftovers(network, state string, pods []string) error {
	listening, err := os.ReadFile("/proc/net/unix")
	if err != nil {
		return err
	}
	dead := func(file string) bool { return !strings.Contains(string(listening), " "+file+"\n") }
	return errors.Join(
		removeWhere(shimSockets, dead),
		removeWhere(cniResults, func(file string) bool {
			return strings.HasPrefix(filepath.Base(file), network+"-") || containsAny(file, pods)
		}),
		removeWhere(containerLogs, func(file string) bool {
			target, err := os.Readlink(file)
			return err == nil && Within(target, state)
		}),
		removeWhere(devicePlugins, func(file string) bool {
			info, err := os.Lstat(file)
			return err == nil && info.Mode()&os.ModeSocket != 0 && dead(file)
		}),
	)
}

func containsAny(file string, words []string) bool {
	content, err := os.ReadFile(file)
	return err == nil && slices.ContainsFunc(words, func(word string) bool {
		return strings.Contains(string(content), word)
	})
}

// removeWhere removes the files of a folder that match, and then every folder above that is empty.
func removeWhere(folder string, match func(file string) bool) error {
	files, _ := filepath.Glob(filepath.Join(folder, "*"))
	for _, file := range files {
		if !match(file) {
			continue
		}
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	systems := []string{"/run", "/var/lib", "/var/log"}
	for !slices.Contains(systems, folder) && os.Remove(folder) == nil {
		folder = filepath.Dir(folder)
	}
	return nil
}
