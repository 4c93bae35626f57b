package cluster

import (
	"strings"
	"testing"
)

func TestDefaultLayout(t *testing.T) {
	for dir, accepted := range map[string]bool{
		"/var/tmp/kfpperf":                    true,
		"/var/tmp/two words":                  false,
		"/var/tmp/" + strings.Repeat("x", 60): false,
	} {
		t.Setenv("KFPPERF_CLUSTER_DIR", dir)
		layout, err := DefaultLayout()
		if (err == nil) != accepted {
			t.Errorf("%q: %v", dir, err)
		}
		if accepted && layout.Root != dir {
			t.Errorf("%q: root is %q", dir, layout.Root)
		}
	}
}
