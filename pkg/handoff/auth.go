package handoff

// Auth says when the worker shows KFP a token.
type Auth string

// The ways to show a token, or not to.
const (
	// AuthAuto shows one where KFP's healthz says that it is multi-user.
	AuthAuto Auth = "auto"
	// AuthNone never shows one, and the Job mounts none.
	AuthNone Auth = "none"
	// AuthToken always shows one, and fails where there is none.
	AuthToken Auth = "token"
)
