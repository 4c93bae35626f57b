package host

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// changedSettings are the kernel settings that the cluster's parts change: ours, the kubelet's and kube-proxy's.
func changedSettings() []string {
	return []string{
		"kernel/keys/root_maxbytes",
		"kernel/keys/root_maxkeys",
		"kernel/panic",
		"kernel/panic_on_oops",
		"net/bridge/bridge-nf-call-ip6tables",
		"net/bridge/bridge-nf-call-iptables",
		"net/ipv4/conf/all/route_localnet",
		"net/ipv4/ip_forward",
		"net/ipv4/vs/conntrack",
		"net/ipv6/conf/all/forwarding",
		"net/netfilter/nf_conntrack_max",
		"net/netfilter/nf_conntrack_tcp_be_liberal",
		"net/netfilter/nf_conntrack_tcp_timeout_close_wait",
		"net/netfilter/nf_conntrack_tcp_timeout_established",
		"vm/overcommit_memory",
		"vm/panic_on_oom",
	}
}

func settingFile(name string) string { return filepath.Join("/proc/sys", name) }

// Settings reads the kernel settings that the cluster may change; what the kernel lacks is left out.
func Settings() map[string]string {
	settings := map[string]string{}
	for _, name := range changedSettings() {
		if value, err := os.ReadFile(settingFile(name)); err == nil {
			settings[name] = strings.TrimSpace(string(value))
		}
	}
	return settings
}

// SaveSettings records the settings in a file, once: after an unclean stop the file still holds the
// machine's own values and the kernel no longer does.
func SaveSettings(file string) error {
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	data, err := json.MarshalIndent(Settings(), "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o600)
}

// RestoreSettings writes back what differs from the file; without a file there is nothing to restore.
func RestoreSettings(file string) error {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var saved map[string]string
	if err := json.Unmarshal(data, &saved); err != nil {
		return err
	}
	current := Settings()
	var failed []error
	for name, value := range saved {
		if current[name] != value {
			failed = append(failed, Set(name, value))
		}
	}
	return errors.Join(failed...)
}

// Set changes one kernel setting.
func Set(name, value string) error {
	return os.WriteFile(settingFile(name), []byte(value), 0o644)
}
