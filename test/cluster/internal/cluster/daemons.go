package cluster

import (
	"os"
	"path/filepath"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/build"
	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
)

const (
	// MinIO's credentials are those of KFP's manifests.
	minioUser     = "minio"
	minioPassword = "minio123"
	// Where MariaDB and ML Metadata listen.
	mariadbAddress  = nodeIP + ":3306"
	metadataAddress = nodeIP + ":8080"
	// searchPath is where daemons look for the programs of the Debian packages.
	searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
)

// supervisor starts the daemons and notices when one ends before the cluster is up.
type supervisor struct {
	layout  Layout
	builds  map[string]string
	daemons []*process.Daemon
	// programs are the daemons' paths.
	programs []string
}

func (s *supervisor) start(path string, args []string, env ...string) error {
	return s.startAs(filepath.Base(path), path, args, env...)
}

// startAs starts a program whose file does not tell what it is.
func (s *supervisor) startAs(name, path string, args []string, env ...string) error {
	daemon, err := process.Start(s.layout.owner(), name, s.layout.state("logs", name+".log"), process.Command{
		Path: path,
		Args: args,
		Dir:  s.layout.state(),
		// Nothing of the caller's environment: a daemon outlives it.
		Env: append([]string{"PATH=" + searchPath, "HOME=" + s.layout.state("home"), "TMPDIR=" + os.TempDir()}, env...),
	})
	if err != nil {
		return err
	}
	s.daemons = append(s.daemons, daemon)
	s.programs = append(s.programs, path)
	return nil
}

// err is the first daemon's that has ended.
func (s *supervisor) err() error {
	for _, daemon := range s.daemons {
		if err := daemon.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (s *supervisor) built(family, program string) string {
	return filepath.Join(s.builds[family], program)
}

func (s *supervisor) etcd() error {
	return s.start(s.built("etcd", "etcd"), []string{
		"--data-dir=" + s.layout.state("etcd"),
		"--listen-client-urls=" + etcdURL,
		"--advertise-client-urls=" + etcdURL,
		"--listen-peer-urls=http://127.0.0.1:12380",
		"--initial-advertise-peer-urls=http://127.0.0.1:12380",
		"--initial-cluster=default=http://127.0.0.1:12380",
		// No state outlives the cluster.
		"--unsafe-no-fsync",
	})
}

func (s *supervisor) containerd() error {
	return s.start("/usr/bin/containerd", []string{"--config=" + s.layout.state("containerd.toml")})
}

func (s *supervisor) minio() error {
	return s.start(s.built("minio", "minio"),
		[]string{"server", "--address=" + nodeIP + ":9000", s.layout.state("minio")},
		"MINIO_ROOT_USER="+minioUser, "MINIO_ROOT_PASSWORD="+minioPassword, "MINIO_BROWSER=off", "MINIO_UPDATE=off")
}

func (s *supervisor) mariadb() error {
	return s.start("/usr/sbin/mariadbd", []string{
		"--no-defaults",
		"--user=root",
		"--datadir=" + s.layout.state("mariadb"),
		"--socket=" + filepath.Join(runDir, "mariadb.sock"),
		"--pid-file=" + filepath.Join(runDir, "mariadb.pid"),
		"--bind-address=" + nodeIP,
		"--port=3306",
		"--skip-name-resolve",
		"--init-file=" + s.layout.state("mariadb.sql"),
		// Commits reach the disk once a second: what KFP stores does not outlive the cluster.
		"--innodb-flush-log-at-trx-commit=2",
		"--max-connections=500",
		// ML Metadata keeps its connections and does not open them again.
		"--wait-timeout=31536000",
	})
}

// metadata serves ML Metadata.
func (s *supervisor) metadata() error {
	return s.startAs("metadata", build.Python, []string{
		// Nothing of the machine's own Python, and nothing written into the builds.
		"-E", "-s", "-B", s.built("metadata", "server.py"),
		"--listen=" + metadataAddress,
		"--mysql-host=" + nodeIP,
	})
}

func (s *supervisor) apiServer() error {
	certs := func(name string) string { return s.layout.state("certs", name) }
	return s.start(s.built("kubernetes", "kube-apiserver"), []string{
		"--etcd-servers=" + etcdURL,
		"--bind-address=" + nodeIP,
		"--advertise-address=" + nodeIP,
		"--cert-dir=" + s.layout.state("certs"),
		"--client-ca-file=" + certs("ca.crt"),
		"--tls-cert-file=" + certs("kube-apiserver.crt"),
		"--tls-private-key-file=" + certs("kube-apiserver.key"),
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--service-cluster-ip-range=" + serviceCIDR,
		// The API audiences stay at their default, the issuer: with KFP's audience among them, any
		// token would pass KFP's own check.
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + certs("service-accounts.crt"),
		"--service-account-signing-key-file=" + certs("service-accounts.key"),
		"--kubelet-certificate-authority=" + certs("ca.crt"),
		"--kubelet-client-certificate=" + certs("kubelet-client.crt"),
		"--kubelet-client-key=" + certs("kubelet-client.key"),
		// The node's name resolves nowhere; logs are fetched by its address.
		"--kubelet-preferred-address-types=InternalIP",
		// How metrics-server, to which the API server passes calls on, knows it and the user. It is reached
		// by its Service's address, as the machine reaches all Services.
		"--proxy-client-cert-file=" + certs("aggregator.crt"),
		"--proxy-client-key-file=" + certs("aggregator.key"),
		"--requestheader-client-ca-file=" + certs("aggregator-ca.crt"),
		"--requestheader-allowed-names=" + aggregator,
		"--requestheader-username-headers=X-Remote-User",
		"--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
	})
}

func (s *supervisor) controllerManager() error {
	certs := func(name string) string { return s.layout.state("certs", name) }
	return s.start(s.built("kubernetes", "kube-controller-manager"), []string{
		"--kubeconfig=" + certs("kube-controller-manager.kubeconfig"),
		"--bind-address=" + nodeIP,
		"--leader-elect=false",
		"--use-service-account-credentials",
		"--root-ca-file=" + certs("ca.crt"),
		"--service-account-private-key-file=" + certs("service-accounts.key"),
	})
}

func (s *supervisor) scheduler() error {
	return s.start(s.built("kubernetes", "kube-scheduler"), []string{
		"--kubeconfig=" + s.layout.state("certs", "kube-scheduler.kubeconfig"),
		"--bind-address=" + nodeIP,
		"--leader-elect=false",
	})
}

func (s *supervisor) kubelet() error {
	return s.start(s.built("kubernetes", "kubelet"), []string{
		"--config=" + s.layout.state("kubelet.yaml"),
		"--kubeconfig=" + s.layout.state("certs", "kubelet.kubeconfig"),
		"--root-dir=" + s.layout.state("kubelet"),
		"--cert-dir=" + s.layout.state("certs"),
		"--hostname-override=" + nodeName,
		"--node-ip=" + nodeIP,
	})
}

func (s *supervisor) proxy() error {
	return s.start(s.built("kubernetes", "kube-proxy"), []string{"--config=" + s.layout.state("kube-proxy.yaml")})
}
