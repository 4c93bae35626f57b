package cli

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"unicode"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/spf13/pflag"
)

// Flags of identityOptions; jobspec gives them to the worker.
const (
	flagAuth       = "auth"
	flagUser       = "kfp-user"
	flagUserHeader = "kfp-user-header"
	flagCAFile     = "kfp-ca-file"
	flagInsecure   = "kfp-insecure-skip-tls-verify"
)

// identityOptions say who we are to KFP, and whom we believe to be KFP.
type identityOptions struct {
	auth       handoff.Auth
	user       string
	userHeader string
	caFile     string
	insecure   bool
}

func (o *identityOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar((*string)(&o.auth), flagAuth, string(o.auth), "whether KFP is shown a service-account token: auto (where it is multi-user), none or token")
	flags.StringVar(&o.user, flagUser, "", "name to send in a header instead of a token, for a KFP that believes it")
	flags.StringVar(&o.userHeader, flagUserHeader, "", "the header of --"+flagUser+" (default "+kfp.DefaultUserHeader+")")
	flags.StringVar(&o.caFile, flagCAFile, "", "file with certificates (PEM) that KFP's may be signed by, beside those that the system trusts")
	flags.BoolVar(&o.insecure, flagInsecure, false, "accept any certificate of KFP's")
}

// validate looks at nothing but the options.
func (o *identityOptions) validate() error {
	switch o.auth {
	case handoff.AuthAuto, handoff.AuthNone, handoff.AuthToken:
	default:
		return fmt.Errorf("--%s is %q; choose auto, none or token", flagAuth, string(o.auth))
	}
	switch {
	case o.userHeader != "" && o.user == "":
		return fmt.Errorf("--%s needs --%s, the name to send in it", flagUserHeader, flagUser)
	case o.user != "" && o.auth == handoff.AuthToken:
		return fmt.Errorf("--%s is believed instead of a token; leave out --%s token", flagUser, flagAuth)
	case strings.ContainsFunc(o.user, unicode.IsControl) || strings.TrimSpace(o.user) != o.user:
		return fmt.Errorf("--%s is %q, which cannot be sent in a header", flagUser, o.user)
	case o.caFile != "" && o.insecure:
		return fmt.Errorf("--%s accepts any certificate; leave out --%s", flagInsecure, flagCAFile)
	}
	return nil
}

// authorities reads the file of certificates; nil without one.
func (o *identityOptions) authorities() ([]byte, error) {
	if o.caFile == "" {
		return nil, nil
	}
	content, err := os.ReadFile(o.caFile)
	switch {
	case err != nil:
		return nil, fmt.Errorf("--%s: %w", flagCAFile, err)
	case !x509.NewCertPool().AppendCertsFromPEM(content):
		return nil, fmt.Errorf("--%s: there is no certificate in PEM form in %s", flagCAFile, o.caFile)
	}
	return content, nil
}

// tokens returns the token source to use: none where a header or nothing is to say who we are.
func (o *identityOptions) tokens(found func() (string, error)) func() (string, error) {
	switch {
	case o.auth == handoff.AuthNone || o.user != "":
		return nil
	case found == nil && o.auth == handoff.AuthToken:
		return kfp.TokenFile(handoff.TokenPath) // which says that it is missing
	}
	return found
}

// client returns a client of KFP that shows tokens as the options say, of those that were found; nil for none.
func (o *kfpOptions) client(version string, found func() (string, error), logger *slog.Logger) (*kfp.Client, error) {
	authorities, err := o.authorities()
	if err != nil {
		return nil, err
	}
	client, err := kfp.New(kfp.Config{
		BaseURL: o.url, InsecureSkipVerify: o.insecure, Authorities: authorities,
		Token: o.tokens(found), User: o.user, UserHeader: o.userHeader,
		Introduce: o.auth == handoff.AuthToken || o.user != "",
		UserAgent: "kubectl-kfpperf/" + version, Logger: logger,
	})
	if err != nil {
		return nil, fmt.Errorf("making a KFP client: %w", err)
	}
	return client, nil
}

// inJob is what a Job is told of all this.
func (o *kfpOptions) inJob(audience string) (jobspec.KFP, error) {
	authorities, err := o.authorities()
	auth := o.auth
	if o.user != "" {
		auth = handoff.AuthNone // the pod needs no token
	}
	return jobspec.KFP{
		URL: o.url, Namespace: o.namespace, Auth: auth, Audience: audience,
		User: o.user, UserHeader: o.userHeader, Authorities: authorities, InsecureSkipVerify: o.insecure,
	}, err
}

// podToken is the token that a pod has for KFP; nil where there is none.
func podToken() func() (string, error) {
	file := os.Getenv(handoff.EnvTokenPath)
	if file == "" {
		file = handoff.TokenPath
	}
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) { //nolint:gosec // the user's own environment names it
		return nil
	}
	return kfp.TokenFile(file)
}
