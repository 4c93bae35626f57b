// Package scenarios holds the scenarios that come with the tool and, in pipelines/, their pipelines, so
// that `kubectl kfpperf run smoke.json` works in any folder. It holds data only.
package scenarios

import "embed"

// FS holds the shipped scenarios and, in pipelines/, the shipped pipelines.
//
//go:embed *.json pipelines/*.yaml
var FS embed.FS
