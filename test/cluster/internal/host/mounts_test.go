package host

import "testing"

func TestParseMounts(t *testing.T) {
	mounts := parseMounts("36 35 98:0 /a /mnt/two\\040words rw,noatime master:1 - ext4 /dev/root rw\nbroken\n")
	want := Mount{Point: "/mnt/two words", Type: "ext4", Source: "/dev/root"}
	if len(mounts) != 1 || mounts[0] != want {
		t.Errorf("got %+v, want only %+v", mounts, want)
	}
}

func TestWithin(t *testing.T) {
	for path, want := range map[string]bool{"/run/a": true, "/run/a/b": true, "/run/ab": false, "/run": false} {
		if got := Within(path, "/run/a"); got != want {
			t.Errorf("Within(%q) = %v", path, got)
		}
	}
}
