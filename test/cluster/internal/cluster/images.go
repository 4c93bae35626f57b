package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/image"
	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
)

const (
	// registry is a name that nothing is ever pulled from: images are imported. It must look like a
	// full one, or the runtime would put another before it.
	registry           = "docker.io/kfpperf-test"
	kfpVersion         = "2.0.5"
	argoVersion        = "v3.3.10"
	pauseImage         = registry + "/pause:1"
	corednsImage       = registry + "/coredns:1"
	metricsServerImage = registry + "/metrics-server:1"
	// What runs in the pods of runs; KFP's server and Argo's controller are told the names.
	driverImage   = registry + "/kfp-driver:" + kfpVersion
	launcherImage = registry + "/kfp-launcher:" + kfpVersion
	executorImage = registry + "/argoexec:" + argoVersion
)

// imageOf is the image of one program.
func imageOf(builds map[string]string, family, program, name string) image.Spec {
	return image.Spec{Name: name, Binary: filepath.Join(builds[family], program), Entrypoint: "/bin/" + program}
}

// systemImages lists what Kubernetes' own pods are made from.
func systemImages(builds map[string]string) []image.Spec {
	return []image.Spec{
		imageOf(builds, "pause", "pause", pauseImage),
		imageOf(builds, "metrics-server", "metrics-server", metricsServerImage),
		imageOf(builds, "coredns", "coredns", corednsImage),
	}
}

// kfpImages lists what the pods of KFP and of its runs are made from.
func kfpImages(builds map[string]string) ([]image.Spec, error) {
	config, err := os.ReadFile(filepath.Join(builds["kfp"], "config.json"))
	if err != nil {
		return nil, err
	}
	from := func(program, name string) image.Spec { return imageOf(builds, "kfp", program, name) }
	server := from("apiserver", registry+"/api-server:"+kfpVersion)
	server.Files = map[string][]byte{
		"/config/config.json":        config,
		"/config/sample_config.json": []byte("[]\n"),
	}
	return []image.Spec{
		server,
		from("persistence_agent", registry+"/persistenceagent:"+kfpVersion),
		from("scheduledworkflow", registry+"/scheduledworkflow:"+kfpVersion),
		from("workflow-controller", registry+"/workflow-controller:"+argoVersion),
		from("argoexec", executorImage),
		from("driver", driverImage),
		from("launcher-v2", launcherImage),
	}, nil
}

// importAll makes the images and hands them to containerd.
func (l Layout) importAll(ctx context.Context, specs []image.Spec) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for _, spec := range specs {
		group.Go(func() error { return l.Import(ctx, spec) })
	}
	return group.Wait()
}

// Import makes an image and hands it to the running cluster.
func (l Layout) Import(ctx context.Context, spec image.Spec) error {
	if !exists(l.containerdSocket()) {
		return errors.New("no cluster is up to import the image into")
	}
	file, err := os.CreateTemp(l.state(), "image-*.tar")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // or it goes with the cluster
	if err := file.Close(); err != nil {
		return err
	}
	if err := image.Write(spec, file.Name()); err != nil {
		return err
	}
	_, err = process.Output(ctx, l.owner(), process.Command{
		Path: "ctr",
		Args: []string{"--address", l.containerdSocket(), "--namespace", "k8s.io", "images", "import", file.Name()},
	})
	if err != nil {
		return fmt.Errorf("importing %s: %w", spec.Name, err)
	}
	return nil
}
