// Package host prepares the machine for a cluster and takes everything back: Debian packages,
// kernel settings, addresses, packet filter rules, mounts and control groups. It knows no component
// of the cluster, only the traces that components leave.
package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/progress"
)

// packages maps each Debian package to a file that it brings. Of MariaDB only the server's programs
// are wanted: that package has no service which an installation would start.
func packages() map[string]string {
	return map[string]string{
		"conntrack":                   "/usr/sbin/conntrack",
		"containerd":                  "/usr/bin/containerd",
		"containernetworking-plugins": "/usr/lib/cni/bridge",
		"gcc":                         "/usr/bin/gcc",
		"libc6-dev":                   "/usr/include/stdlib.h",
		"iproute2":                    "/usr/sbin/ip",
		"iptables":                    "/usr/sbin/iptables",
		"kmod":                        "/usr/sbin/modprobe",
		"mariadb-client-core":         "/usr/bin/my_print_defaults",
		"mariadb-server-core":         "/usr/sbin/mariadbd",
		"python3-pip":                 "/usr/lib/python3/dist-packages/pip/__main__.py",
		"python3.11":                  "/usr/bin/python3.11",
		"runc":                        "/usr/sbin/runc",
	}
}

// policyFile forbids package scripts to start services; ours is told from the machine's own by its text.
const policyFile = "/usr/sbin/policy-rc.d"

const policy = "#!/bin/sh\n# written by the kfpperf test cluster while it installs packages\nexit 101\n"

// InstallPackages installs what is missing, and keeps the packages' services from being started.
func InstallPackages(ctx context.Context, owner process.Owner, say progress.Printer) error {
	var missing []string
	for name, file := range packages() {
		if _, err := os.Stat(file); err != nil {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	defer say.Begin(fmt.Sprintf("installing Debian packages %v", missing))()
	if _, err := os.Stat(policyFile); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(policyFile, []byte(policy), 0o755); err != nil {
			return err
		}
	}
	run := func(path string, args ...string) error {
		env := append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		_, err := process.Output(ctx, owner, process.Command{Path: path, Args: args, Env: env})
		return err
	}
	// An installation that was killed half-way is finished first.
	err := run("dpkg", "--configure", "-a")
	if err == nil {
		err = run("apt-get", "update")
	}
	if err == nil {
		err = run("apt-get", append([]string{"install", "--yes", "--no-install-recommends"}, missing...)...)
	}
	return errors.Join(err, AllowServices())
}

// AllowServices takes back what forbids package scripts to start services, if it is ours.
func AllowServices() error {
	content, _ := os.ReadFile(policyFile) // what cannot be read is not ours
	if !bytes.Equal(content, []byte(policy)) {
		return nil
	}
	return os.Remove(policyFile)
}
