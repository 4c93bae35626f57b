package build

import (
	"os"
	"path/filepath"
	"testing"
)

func TestEveryFamilyPinsItsModule(t *testing.T) {
	for _, family := range Families() {
		source := filepath.Join("..", "..", "build", family.Name)
		if version, err := family.version(source); err != nil || version == "" {
			t.Errorf("%s: version %q, %v", family.Name, version, err)
		}
	}
}

func TestKey(t *testing.T) {
	source := t.TempDir()
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(source, "go.mod"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	family := Family{Name: "etcd", Steps: []Step{{Tags: "a"}}}
	keyOf := func(f Family, compiler string) string {
		key, err := key(f, source, compiler)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	write("module a\n")
	first := keyOf(family, "go1.26")
	if again := keyOf(family, "go1.26"); again != first {
		t.Errorf("the same input gives %s and %s", first, again)
	}
	if keyOf(family, "go1.27") == first {
		t.Error("another compiler gives the same key")
	}
	if keyOf(Family{Name: "etcd", Steps: []Step{{Tags: "b"}}}, "go1.26") == first {
		t.Error("other flags give the same key")
	}
	write("module b\n")
	if keyOf(family, "go1.26") == first {
		t.Error("another go.mod gives the same key")
	}
}

func TestKeyOfAPatchedModule(t *testing.T) {
	source := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(source, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module a\n")
	write("patch.go", "package a\n")
	family := Family{Steps: []Step{{Patches: map[string]string{"patch.go": "example.com/a/patch.go"}}}}
	before, err := key(family, source, "go1.26")
	if err != nil {
		t.Fatal(err)
	}
	write("patch.go", "package b\n")
	if after, err := key(family, source, "go1.26"); err != nil || after == before {
		t.Errorf("another patch gives %s after %s, %v", after, before, err)
	}
}

func TestPinned(t *testing.T) {
	file := filepath.Join(t.TempDir(), requirements)
	if err := os.WriteFile(file, []byte("# a-b==0\na-b-c==1 --hash=x\na-b==2.1 --hash=y\nb==3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"a-b": "2.1", "b": "3", "c": ""} {
		got, err := pinned(file, name)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("pinned(%s) = %q, %v; want %q", name, got, err, want)
		}
	}
}

func TestKeyWantsAModule(t *testing.T) {
	if _, err := key(Family{}, t.TempDir(), "go1.26"); err == nil {
		t.Error("a folder without go.mod has a key")
	}
}

func TestProgramOf(t *testing.T) {
	for pkg, want := range map[string]string{
		"go.etcd.io/etcd/server/v3":            "server",
		"k8s.io/kubernetes/cmd/kubelet":        "kubelet",
		"github.com/kubeflow/pipelines/v2/cmd": "cmd",
		"example.com/vault":                    "vault",
		".":                                    "pause",
	} {
		if got := programOf(Family{Name: "pause"}, pkg); got != want {
			t.Errorf("programOf(%q) = %q, want %q", pkg, got, want)
		}
	}
}
