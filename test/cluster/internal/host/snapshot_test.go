package host

import (
	"slices"
	"testing"
)

func TestCommandLine(t *testing.T) {
	for raw, want := range map[string]string{
		"":                              "",
		"/bin/bash\x00-c\x00sleep 1":    "",
		"-bash\x00":                     "",
		"/usr/bin/etcd\x00--name\x00a ": "/usr/bin/etcd --name a",
	} {
		if got := commandLine(raw); got != want {
			t.Errorf("commandLine(%q) = %q, want %q", raw, got, want)
		}
	}
}

func TestRuleLines(t *testing.T) {
	empty := "# comment\n*filter\n:INPUT ACCEPT [1:2]\n:FORWARD ACCEPT [0:0]\nCOMMIT\n"
	if got := ruleLines("iptables", empty); len(got) != 0 {
		t.Errorf("an empty rule set gives %q", got)
	}
	got := ruleLines("iptables", "*nat\n:INPUT DROP [9:9]\n:OURS - [3:4]\n-A OURS -j RETURN\nCOMMIT\n")
	want := []string{"iptables nat chain INPUT DROP", "iptables nat chain OURS -", "iptables nat -A OURS -j RETURN"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
