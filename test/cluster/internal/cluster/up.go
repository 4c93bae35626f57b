package cluster

import (
	"context"
	"fmt"
	"os"

	"golang.org/x/sync/errgroup"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/build"
	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/host"
	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/progress"
)

// Up builds what is missing and brings the cluster up. Of a healthy one it changes no more than KFP's mode.
// Source is the folder with the modules to build from.
func Up(ctx context.Context, layout Layout, source string, mode Mode, say progress.Printer) error {
	lock, err := layout.waitForLock(say)
	if err != nil {
		return err
	}
	defer lock.release()
	if err := layout.othersClaim(); err != nil {
		return err
	}
	if err := host.InstallPackages(ctx, layout.owner(), say); err != nil {
		return fmt.Errorf("installing Debian packages: %w", err)
	}
	builder := build.Builder{Source: source, Cache: layout.builds(), Owner: layout.owner(), Say: say}
	builds, err := builder.All(ctx, build.Families())
	if err != nil {
		return err
	}
	if layout.healthy(ctx, builds, say) {
		say.Printf("the running cluster is healthy")
		return layout.switchTo(ctx, builds, mode, say)
	}
	if err := layout.clean(ctx, say); err != nil {
		return fmt.Errorf("cleaning up what was left: %w", err)
	}
	if err := layout.start(ctx, builds, mode, say); err != nil {
		return fmt.Errorf("starting the cluster (logs are in %s): %w", layout.state("logs"), err)
	}
	return nil
}

func (l Layout) start(ctx context.Context, builds map[string]string, mode Mode, say progress.Printer) error {
	if err := l.prepare(ctx); err != nil {
		return fmt.Errorf("preparing the machine: %w", err)
	}
	daemons := &supervisor{programs: programs{layout: l, builds: builds}}
	if err := daemons.start(daemons.etcd(), daemons.containerd(), daemons.minio()); err != nil {
		return err
	}
	if err := daemons.await(ctx, "etcd", healthy(etcdURL+"/readyz")); err != nil {
		return err
	}
	if err := daemons.start(daemons.apiServer()); err != nil {
		return err
	}
	if err := daemons.await(ctx, "containerd", l.containerdListens); err != nil {
		return err
	}
	if err := l.importAll(ctx, systemImages(builds)); err != nil {
		return err
	}
	kubectl := l.kubectl(builds)
	if err := daemons.await(ctx, "kube-apiserver", kubectl.serving); err != nil {
		return err
	}
	say.Printf("kube-apiserver serves")
	if err := daemons.start(daemons.controllerManager(), daemons.scheduler(), daemons.kubelet(), daemons.proxy()); err != nil {
		return err
	}
	// metrics-server takes longest to be ready, since it measures twice: it starts before KFP can.
	if err := l.applySystem(ctx, kubectl); err != nil {
		return err
	}
	if err := l.provision(ctx, builds); err != nil {
		return err
	}
	say.Printf("the images are imported")
	if err := daemons.start(daemons.mariadb()); err != nil {
		return err
	}
	if err := l.applyKFP(ctx, kubectl, builds, mode); err != nil {
		return err
	}
	if err := l.applyUsers(ctx, kubectl); err != nil {
		return err
	}
	say.Printf("the manifests are applied")
	if err := daemons.await(ctx, "MariaDB", listens(mariadbAddress)); err != nil {
		return err
	}
	if err := daemons.start(daemons.metadata()); err != nil {
		return err
	}
	for _, check := range append(kubectl.checks(), kubectl.serves(mode)) {
		if err := daemons.await(ctx, check.what, check.pass); err != nil {
			return err
		}
		say.Printf("ready: %s", check.what)
	}
	return daemons.record()
}

// prepare writes the configuration and changes the machine, after recording how it was.
func (l Layout) prepare(ctx context.Context) error {
	for _, folder := range []string{"certs", "logs", "home", "cni", "kubelet", "minio"} {
		if err := os.MkdirAll(l.state(folder), 0o755); err != nil {
			return err
		}
	}
	if err := l.claim(); err != nil {
		return err
	}
	if err := host.SaveSettings(l.settings()); err != nil {
		return err
	}
	if err := l.writeCerts(); err != nil {
		return err
	}
	values := l.values()
	for name, file := range map[string]string{
		"kubelet.yaml":    l.state("kubelet.yaml"),
		"kube-proxy.yaml": l.state("kube-proxy.yaml"),
		"containerd.toml": l.state("containerd.toml"),
		"cni.conflist":    l.state("cni", "10-kfpperf.conflist"),
		"mariadb.sql":     l.state("mariadb.sql"),
	} {
		if err := values.write(name, file); err != nil {
			return err
		}
	}
	// A kernel that has these built in has no module to load.
	for _, module := range []string{"br_netfilter", "overlay"} {
		_, _ = process.Output(ctx, l.owner(), process.Command{Path: "modprobe", Args: []string{module}})
	}
	for _, name := range []string{"net/ipv4/ip_forward", "net/bridge/bridge-nf-call-iptables"} {
		if err := host.Set(name, "1"); err != nil {
			return err
		}
	}
	if err := host.AddAddress(ctx, l.owner(), nodeIP+"/32"); err != nil {
		return err
	}
	return podsCgroup.Create()
}

// provision fills the stores that KFP's pods depend on: containerd's with images, MariaDB's with its own tables.
func (l Layout) provision(ctx context.Context, builds map[string]string) error {
	specs, err := kfpImages(builds)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return l.importAll(ctx, specs) })
	group.Go(func() error {
		_, err := process.Output(ctx, l.owner(), process.Command{
			Path: "mariadb-install-db",
			Args: []string{"--no-defaults", "--user=root", "--datadir=" + l.state("mariadb"),
				"--auth-root-authentication-method=normal", "--skip-test-db"},
		})
		return err
	})
	return group.Wait()
}
