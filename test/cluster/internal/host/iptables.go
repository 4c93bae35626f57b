package host

import (
	"bufio"
	"context"
	"errors"
	"os/exec"
	"slices"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
)

// families are the packet filters of IPv4 and IPv6.
func families() []string { return []string{"iptables", "ip6tables"} }

// clusterChain tells the chains of kube-proxy, the kubelet and the CNI plugins from the machine's own.
func clusterChain(name string) bool {
	return strings.HasPrefix(name, "KUBE-") || strings.HasPrefix(name, "CNI-")
}

// Removal turns the output of iptables-save into input for iptables-restore --noflush that deletes
// the cluster's chains and the rules that lead to them, and touches nothing else. It is empty when
// there is nothing to delete.
func Removal(saved string) string {
	var script strings.Builder
	var table string
	var rules, chains []string
	lines := bufio.NewScanner(strings.NewReader(saved))
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "*"):
			table, rules, chains = line, nil, nil
		case strings.HasPrefix(line, ":"):
			if name, _, _ := strings.Cut(line[1:], " "); clusterChain(name) {
				chains = append(chains, name)
			}
		case strings.HasPrefix(line, "-A "):
			fields := strings.Fields(line)
			if !clusterChain(fields[1]) && slices.ContainsFunc(jumps(fields), clusterChain) {
				rules = append(rules, "-D "+strings.TrimPrefix(line, "-A "))
			}
		case line == "COMMIT" && len(rules)+len(chains) > 0:
			script.WriteString(table + "\n")
			for _, rule := range rules {
				script.WriteString(rule + "\n")
			}
			// A chain can be deleted only when no chain leads to it any more: empty all first.
			for _, chain := range chains {
				script.WriteString("-F " + chain + "\n")
			}
			for _, chain := range chains {
				script.WriteString("-X " + chain + "\n")
			}
			script.WriteString("COMMIT\n")
		}
	}
	return script.String()
}

// jumps lists the targets of a rule.
func jumps(fields []string) []string {
	var targets []string
	for i, field := range fields[:len(fields)-1] {
		if field == "-j" || field == "-g" {
			targets = append(targets, fields[i+1])
		}
	}
	return targets
}

// RemoveRules deletes the cluster's packet filter rules; a machine without iptables has none.
func RemoveRules(ctx context.Context, owner process.Owner) error {
	var failed []error
	for _, family := range families() {
		if _, err := exec.LookPath(family + "-save"); err != nil {
			continue
		}
		saved, err := process.Output(ctx, owner, process.Command{Path: family + "-save"})
		if err != nil {
			failed = append(failed, err)
			continue
		}
		script := Removal(string(saved))
		if script == "" {
			continue
		}
		_, err = process.Output(ctx, owner, process.Command{
			Path: family + "-restore", Args: []string{"--noflush"}, Stdin: []byte(script),
		})
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}
