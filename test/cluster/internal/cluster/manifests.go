package cluster

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// profiles are the namespaces of KFP's users. They are there in both modes, so that a switch is one of the
// server alone.
func profiles() []string { return []string{"kubeflow-user", "kubeflow-user2"} }

// applySystem creates what is there beside KFP, and KFP's Services, of which its pods learn at their start.
func (l Layout) applySystem(ctx context.Context, kubectl kubectl) error {
	for _, name := range []string{"metrics-server.yaml", "coredns.yaml", "services.yaml"} {
		manifest, err := l.values().render(name)
		if err != nil {
			return err
		}
		if _, err := kubectl.run(ctx, manifest, "apply", "--filename=-"); err != nil {
			return fmt.Errorf("applying %s: %w", name, err)
		}
	}
	return nil
}

// applyKFP creates the objects of KFP, or makes them what they are in the mode.
func (l Layout) applyKFP(ctx context.Context, kubectl kubectl, builds map[string]string, mode Mode) error {
	folder := l.state("manifests")
	if err := l.writeKustomization(filepath.Join(builds["kfp"], "kustomize"), folder, mode); err != nil {
		return err
	}
	// What somebody tried out by kubectl set env gives way.
	_, err := kubectl.run(ctx, nil, "apply", "--server-side", "--force-conflicts", "--kustomize="+folder)
	if err != nil {
		return fmt.Errorf("applying KFP's manifests: %w", err)
	}
	return nil
}

// applyUsers creates what KFP's users have.
func (l Layout) applyUsers(ctx context.Context, kubectl kubectl) error {
	manifest, err := l.users()
	if err != nil {
		return err
	}
	// Where the server merges, kubectl need not ask for each object first, which halves the time.
	if _, err := kubectl.run(ctx, manifest, "apply", "--server-side", "--filename=-"); err != nil {
		return fmt.Errorf("applying the users' namespaces: %w", err)
	}
	return nil
}

// writeKustomization lays our kustomization over a copy of KFP's manifests.
func (l Layout) writeKustomization(manifests, target string, mode Mode) error {
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	if err := os.CopyFS(target, os.DirFS(manifests)); err != nil {
		return err
	}
	entries, err := fs.ReadDir(configFiles, "config/kfp")
	if err != nil {
		return err
	}
	values := l.values()
	values.MultiUser = bool(mode)
	for _, entry := range entries {
		if err := values.write(path.Join("kfp", entry.Name()), filepath.Join(target, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// users is the manifest of what KFP's users have: roles, what pod security asks of their runs, and a profile
// each, all from one template.
func (l Layout) users() ([]byte, error) {
	values := l.values()
	var parts [][]byte
	for _, name := range []string{"roles.yaml", "restricted.yaml"} {
		part, err := values.render(name)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	for _, values.Profile = range profiles() {
		part, err := values.render("profile.yaml")
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return bytes.Join(parts, []byte("---\n")), nil
}
