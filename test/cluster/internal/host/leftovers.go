package host

import (
	"errors"
	"os"
	"path/filepath"
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
// sockets, the records of a CNI network, links to logs below state. A folder that is empty then
// goes too.
func RemoveLeftovers(network, state string) error {
	listening, err := os.ReadFile("/proc/net/unix")
	if err != nil {
		return err
	}
	dead := func(file string) bool { return !strings.Contains(string(listening), " "+file+"\n") }
	return errors.Join(
		removeWhere(shimSockets, dead),
		removeWhere(cniResults, func(file string) bool {
			return strings.HasPrefix(filepath.Base(file), network+"-")
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
	const top = 3 // keep /run and /var/lib
	for strings.Count(folder, "/") >= top && os.Remove(folder) == nil {
		folder = filepath.Dir(folder)
	}
	return nil
}
