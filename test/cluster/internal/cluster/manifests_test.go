package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProfilesDifferInTheirNamesAlone(t *testing.T) {
	manifest, err := Layout{Root: "/cache/kfpperf-cluster"}.users()
	if err != nil {
		t.Fatal(err)
	}
	documents := strings.Split(strings.TrimSuffix(string(manifest), "\n"), "\n---\n")
	of := map[string][]string{}
	for _, document := range documents {
		for _, name := range profiles() {
			if strings.Contains(document, "  namespace: "+name+"\n") || strings.Contains(document, "kind: Namespace\nmetadata:\n  name: "+name+"\n") {
				of[name] = append(of[name], strings.ReplaceAll(document, name, "PROFILE"))
			}
		}
	}
	first, second := strings.Join(of["kubeflow-user"], "\n---\n"), strings.Join(of["kubeflow-user2"], "\n---\n")
	if first != second {
		t.Errorf("the profiles are\n%s\nand\n%s", first, second)
	}
	for _, want := range []string{
		"pod-security.kubernetes.io/enforce: restricted", "kind: ResourceQuota", "kind: LimitRange", "name: kubeflow-edit", "name: kubeflow-view",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("a profile has no %q", want)
		}
	}
	for _, document := range documents {
		if n := strings.Count("\n"+document, "\nkind: "); n != 1 {
			t.Errorf("%d objects in one document:\n%s", n, document)
		}
	}
}

func TestTheModeIsInTheServersEnvironment(t *testing.T) {
	layout := Layout{Root: t.TempDir()}
	manifests, target := t.TempDir(), filepath.Join(t.TempDir(), "manifests")
	if err := os.WriteFile(filepath.Join(manifests, "theirs.yaml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for mode, account := range map[Mode]string{SingleUser: "pipeline-runner", MultiUser: "default-editor"} {
		if err := layout.writeKustomization(manifests, target, mode); err != nil {
			t.Fatal(err) // the second time is a switch
		}
		patch, err := os.ReadFile(filepath.Join(target, "kfpperf-apiserver.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		multiUser := map[Mode]string{SingleUser: "false", MultiUser: "true"}[mode]
		for name, value := range map[string]string{"MULTIUSER": `"` + multiUser + `"`, "DEFAULTPIPELINERUNNERSERVICEACCOUNT": account} {
			if want := "- name: " + name + "\n          value: " + value + "\n"; !strings.Contains(string(patch), want) {
				t.Errorf("%s: no %q in\n%s", mode, want, patch)
			}
		}
	}
}
