package pki

import "encoding/json"

// Kubeconfig lets the pair's owner reach a server that the authority vouches for. It is written as
// JSON, which every reader of YAML accepts.
func (a *Authority) Kubeconfig(server string, pair Pair) ([]byte, error) {
	const name = "kfpperf"
	type object = map[string]any
	return json.MarshalIndent(object{
		"apiVersion":      "v1",
		"kind":            "Config",
		"current-context": name,
		"contexts":        []object{{"name": name, "context": object{"cluster": name, "user": name}}},
		"clusters": []object{{"name": name, "cluster": object{
			"server":                     server,
			"certificate-authority-data": a.Cert(),
		}}},
		"users": []object{{"name": name, "user": object{
			"client-certificate-data": pair.Cert,
			"client-key-data":         pair.Key,
		}}},
	}, "", "  ")
}
