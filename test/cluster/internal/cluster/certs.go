package cluster

import (
	"os"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/pki"
)

// aggregator is the name by which components know the API server when it passes calls on to them.
const aggregator = "front-proxy-client"

// writeCerts makes the cluster's authorities, everyone's certificate and everyone's kubeconfig.
func (l Layout) writeCerts() error {
	certs := func(name string) string { return l.state("certs", name) }
	authority, err := pki.NewAuthority("kfpperf-cluster")
	if err != nil {
		return err
	}
	if err := os.WriteFile(certs("ca.crt"), authority.Cert(), 0o600); err != nil {
		return err
	}
	for name, who := range map[string]pki.Identity{
		"kube-apiserver": {User: "kube-apiserver", Hosts: []string{nodeIP, serviceIP, "127.0.0.1", "localhost",
			"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"}},
		"kubelet-server": {User: "system:node:" + nodeName, Hosts: []string{nodeIP, nodeName}},
		"kubelet-client": {User: "kube-apiserver-kubelet-client", Groups: []string{"system:masters"}},
	} {
		pair, err := authority.Issue(who)
		if err != nil {
			return err
		}
		if err := pair.Write(certs(name)); err != nil {
			return err
		}
	}
	for file, who := range map[string]pki.Identity{
		l.kubeconfig(): {User: "kfpperf-admin", Groups: []string{"system:masters"}},
		certs("kube-controller-manager.kubeconfig"): {User: "system:kube-controller-manager"},
		certs("kube-scheduler.kubeconfig"):          {User: "system:kube-scheduler"},
		certs("kube-proxy.kubeconfig"):              {User: "system:kube-proxy"},
		certs("kubelet.kubeconfig"):                 {User: "system:node:" + nodeName, Groups: []string{"system:nodes"}},
	} {
		pair, err := authority.Issue(who)
		if err != nil {
			return err
		}
		kubeconfig, err := authority.Kubeconfig(serverURL, pair)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, kubeconfig, 0o600); err != nil {
			return err
		}
	}
	if err := l.writeAggregatorCerts(); err != nil {
		return err
	}
	public, private, err := pki.SigningKey()
	if err != nil {
		return err
	}
	return pki.Pair{Cert: public, Key: private}.Write(certs("service-accounts"))
}

// writeAggregatorCerts makes an authority that vouches for nobody but the API server: whoever it vouches for
// is believed when it says for which user it calls.
func (l Layout) writeAggregatorCerts() error {
	authority, err := pki.NewAuthority("kfpperf-cluster-aggregator")
	if err != nil {
		return err
	}
	if err := os.WriteFile(l.state("certs", "aggregator-ca.crt"), authority.Cert(), 0o600); err != nil {
		return err
	}
	pair, err := authority.Issue(pki.Identity{User: aggregator})
	if err != nil {
		return err
	}
	return pair.Write(l.state("certs", "aggregator"))
}
