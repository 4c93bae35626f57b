package worker

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// noToken tells why there is no token to show.
func noToken(err error) *handoff.Problem {
	var problem *handoff.Problem
	if errors.As(err, &problem) {
		return problem
	}
	return &handoff.Problem{
		Cause: "there is no token to show to KFP", Evidence: err.Error(),
		Remedy: "It is expected at " + handoff.TokenPath + " or where " + handoff.EnvTokenPath + " or --token-file says.",
	}
}

// unwelcome tells why a multi-user KFP does not take our calls, or returns nil when it is not about who
// we are.
func unwelcome(caller kfp.Caller, namespace string, err error) *handoff.Problem {
	switch {
	case kfp.NoToken(err):
		return noToken(err)
	case kfp.StatusOf(err) == http.StatusUnauthorized:
		return unknown(caller, err)
	case kfp.StatusOf(err) == http.StatusForbidden:
		return &handoff.Problem{
			Cause:    caller.Name() + " may not use KFP in namespace " + namespace,
			Evidence: err.Error(),
			Remedy:   forbiddenRemedy(caller, namespace),
		}
	}
	return nil
}

// unknown tells why KFP does not know who calls.
func unknown(caller kfp.Caller, err error) *handoff.Problem {
	problem := &handoff.Problem{Evidence: err.Error()}
	switch {
	case !caller.Token && caller.User == "":
		problem.Cause = "KFP is multi-user, and was not told who calls"
		problem.Remedy = "Leave --auth at auto or set it to token; outside a pod, name a token with --token-file."
	case !caller.Token:
		problem.Cause = "KFP takes no notice of the header " + caller.Header + ": it wants a token"
		problem.Remedy = "Leave --kfp-user out, or name the header that this KFP reads with --kfp-user-header."
	case !caller.Expires.IsZero() && time.Now().After(caller.Expires):
		problem.Cause = fmt.Sprintf("the token of %s expired at %s", caller.Name(), caller.Expires.Format(time.RFC3339))
		problem.Remedy = "Renew the file that holds it; it is read anew for every call."
	case len(caller.Audiences) > 0 && !slices.Contains(caller.Audiences, handoff.TokenAudience):
		problem.Cause = "KFP does not accept a token of audience " + strings.Join(caller.Audiences, ", ")
		problem.Remedy = "Leave --token-audience out: KFP expects " + handoff.TokenAudience + " unless its installation chose another."
	default:
		problem.Cause = "KFP does not accept the token of " + caller.Name()
		problem.Remedy = "If its installation expects another audience than " + strings.Join(caller.Audiences, ", ") +
			", name it with --token-audience; or its review of tokens fails: see the log of ml-pipeline."
		if len(caller.Audiences) == 0 {
			problem.Remedy = "It expects a service account's token of audience " + handoff.TokenAudience + "."
		}
	}
	return problem
}

// forbiddenRemedy says what lets a caller in.
func forbiddenRemedy(caller kfp.Caller, namespace string) string {
	if caller.User != "" {
		return "Bind ClusterRole kubeflow-edit to that user in " + namespace + ", or leave --kfp-user out to use the service account."
	}
	return "See that " + namespace + " is a profile's namespace; bind ClusterRole kubeflow-edit to the account there, or choose" +
		" another one with --service-account. kubectl kfpperf rbac -n " + namespace + " prints what is needed."
}
