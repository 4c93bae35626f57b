package cluster

import (
	"path/filepath"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/build"
)

const (
	// MinIO's credentials are those of KFP's manifests.
	minioUser     = "minio"
	minioPassword = "minio123"
	// Where MinIO, MariaDB and ML Metadata listen.
	minioAddress    = nodeIP + ":9000"
	mariadbAddress  = nodeIP + ":3306"
	metadataAddress = nodeIP + ":8080"
	// searchPath is where daemons look for the programs of the Debian packages.
	searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
)

// program is a daemon: what is started, and the name by which people know it.
type program struct {
	name, path string
	args, env  []string
}

// programs describes the daemons; it starts none.
type programs struct {
	layout Layout
	builds map[string]string
}

func (p programs) built(family, name string) string {
	return filepath.Join(p.builds[family], name)
}

// all lists the daemons in the order in which they start.
func (p programs) all() []program {
	return []program{
		p.etcd(), p.containerd(), p.minio(), p.apiServer(), p.controllerManager(), p.scheduler(), p.kubelet(), p.proxy(),
		p.mariadb(), p.metadata(),
	}
}

func (p programs) etcd() program {
	return program{name: "etcd", path: p.built("etcd", "etcd"), args: []string{
		"--data-dir=" + p.layout.state("etcd"),
		"--listen-client-urls=" + etcdURL,
		"--advertise-client-urls=" + etcdURL,
		"--listen-peer-urls=http://127.0.0.1:12380",
		"--initial-advertise-peer-urls=http://127.0.0.1:12380",
		"--initial-cluster=default=http://127.0.0.1:12380",
		// No state outlives the cluster.
		"--unsafe-no-fsync",
	}}
}

func (p programs) containerd() program {
	return program{name: "containerd", path: "/usr/bin/containerd", args: []string{"--config=" + p.layout.state("containerd.toml")}}
}

func (p programs) minio() program {
	return program{name: "minio", path: p.built("minio", "minio"),
		args: []string{"server", "--address=" + minioAddress, p.layout.state("minio")},
		env: []string{
			"MINIO_ROOT_USER=" + minioUser, "MINIO_ROOT_PASSWORD=" + minioPassword, "MINIO_BROWSER=off", "MINIO_UPDATE=off",
		}}
}

func (p programs) mariadb() program {
	return program{name: "mariadb", path: "/usr/sbin/mariadbd", args: []string{
		"--no-defaults",
		"--user=root",
		"--datadir=" + p.layout.state("mariadb"),
		"--socket=" + filepath.Join(runDir, "mariadb.sock"),
		"--pid-file=" + filepath.Join(runDir, "mariadb.pid"),
		"--bind-address=" + nodeIP,
		"--port=3306",
		"--skip-name-resolve",
		"--init-file=" + p.layout.state("mariadb.sql"),
		// Commits reach the disk once a second: what KFP stores does not outlive the cluster.
		"--innodb-flush-log-at-trx-commit=2",
		"--max-connections=500",
		// ML Metadata keeps its connections and does not open them again.
		"--wait-timeout=31536000",
	}}
}

// metadata serves ML Metadata.
func (p programs) metadata() program {
	return program{name: "metadata", path: build.Python, args: []string{
		// Nothing of the machine's own Python, and nothing written into the builds.
		"-E", "-s", "-B", p.built("metadata", "server.py"),
		"--listen=" + metadataAddress,
		"--mysql-host=" + nodeIP,
	}}
}

func (p programs) apiServer() program {
	certs := func(name string) string { return p.layout.state("certs", name) }
	return program{name: "kube-apiserver", path: p.built("kubernetes", "kube-apiserver"), args: []string{
		"--etcd-servers=" + etcdURL,
		"--bind-address=" + nodeIP,
		"--advertise-address=" + nodeIP,
		"--cert-dir=" + p.layout.state("certs"),
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
	}}
}

func (p programs) controllerManager() program {
	certs := func(name string) string { return p.layout.state("certs", name) }
	return program{name: "kube-controller-manager", path: p.built("kubernetes", "kube-controller-manager"), args: []string{
		"--kubeconfig=" + certs("kube-controller-manager.kubeconfig"),
		"--bind-address=" + nodeIP,
		"--leader-elect=false",
		"--use-service-account-credentials",
		"--root-ca-file=" + certs("ca.crt"),
		"--service-account-private-key-file=" + certs("service-accounts.key"),
	}}
}

func (p programs) scheduler() program {
	return program{name: "kube-scheduler", path: p.built("kubernetes", "kube-scheduler"), args: []string{
		"--kubeconfig=" + p.layout.state("certs", "kube-scheduler.kubeconfig"),
		"--bind-address=" + nodeIP,
		"--leader-elect=false",
	}}
}

func (p programs) kubelet() program {
	return program{name: "kubelet", path: p.built("kubernetes", "kubelet"), args: []string{
		"--config=" + p.layout.state("kubelet.yaml"),
		"--kubeconfig=" + p.layout.state("certs", "kubelet.kubeconfig"),
		"--root-dir=" + p.layout.state("kubelet"),
		"--cert-dir=" + p.layout.state("certs"),
		"--hostname-override=" + nodeName,
		"--node-ip=" + nodeIP,
	}}
}

func (p programs) proxy() program {
	return program{name: "kube-proxy", path: p.built("kubernetes", "kube-proxy"), args: []string{"--config=" + p.layout.state("kube-proxy.yaml")}}
}
