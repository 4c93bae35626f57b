package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/cli-runtime/pkg/genericclioptions"
)

// rbacOptions are the flags of rbac.
type rbacOptions struct {
	program
	kubernetes           *genericclioptions.ConfigFlags
	grant                jobspec.Grant
	user, group, account string
}

func (p program) rbacCommand() *cobra.Command {
	o := &rbacOptions{
		program: p, kubernetes: genericclioptions.NewConfigFlags(true),
		grant: jobspec.Grant{KFPNamespace: jobspec.DefaultKFPNamespace},
	}
	command := &cobra.Command{
		Use:   "rbac",
		Short: "Print the least that who launches runs, and the Job's account, must be granted",
		Long: `Prints YAML, to be applied by who may grant rights in the namespace: a Role for the person who launches
runs, and a service account for the Job with the least that a multi-user KFP asks of it. Each rule says what
it is for. No cluster is asked.

It is what manifests/multi-user holds, or with --single-user manifests/single-user.`,
		Example: `  kubectl kfpperf rbac -n kubeflow-user --user jane@example.com | kubectl apply -f -
  kubectl kfpperf rbac -n kubeflow --single-user --group ml-platform --network-policy`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			if err := o.complete(); err != nil {
				return &usageError{err}
			}
			return o.run()
		},
	}
	o.kubernetes.AuthInfoName = nil // --user is who is granted, as with kubectl create rolebinding
	flags := command.Flags()
	flags.StringVar(&o.user, "user", "", "user who launches runs")
	flags.StringVar(&o.group, "group", "", "group of who launches runs")
	flags.StringVar(&o.account, flagServiceAccount, "", "service account, NAME or NAMESPACE:NAME, that launches runs, as in CI")
	flags.BoolVar(&o.grant.SingleUser, "single-user", false, "leave out what only a multi-user KFP asks for")
	flags.BoolVar(&o.grant.NetworkPolicy, "network-policy", false, "add a NetworkPolicy for the Job's pod")
	flags.StringVar(&o.grant.KFPNamespace, flagKFPNamespace, o.grant.KFPNamespace, "where KFP is, for --network-policy")
	addKubernetesFlags(flags, o.kubernetes)
	return command
}

// complete takes the namespace as kubectl would, and who is to be granted.
func (o *rbacOptions) complete() error {
	namespace, _, err := o.kubernetes.ToRawKubeConfigLoader().Namespace()
	if err != nil {
		return err
	}
	o.grant.Namespace = namespace
	for _, name := range []string{namespace, o.grant.KFPNamespace} {
		if len(validation.IsDNS1123Label(name)) > 0 {
			return fmt.Errorf("%q is no name of a namespace", name)
		}
	}
	given := 0
	for _, who := range []struct{ kind, name string }{{"User", o.user}, {"Group", o.group}, {"ServiceAccount", o.account}} {
		if who.name != "" {
			given++
			o.grant.Kind, o.grant.Name = who.kind, who.name
		}
	}
	if given > 1 {
		return errors.New("rbac grants rights to one: name a user, a group or a service account")
	}
	if o.account != "" {
		o.grant.SubjectNamespace = namespace
		if other, name, found := strings.Cut(o.account, ":"); found {
			o.grant.SubjectNamespace, o.grant.Name = other, name
		}
	}
	return nil
}

func (o *rbacOptions) run() error {
	content, err := jobspec.RBAC(o.grant)
	if err != nil {
		return err
	}
	if _, err := o.streams.Out.Write(content); err != nil {
		return fmt.Errorf("printing to stdout: %w", err)
	}
	return nil
}
