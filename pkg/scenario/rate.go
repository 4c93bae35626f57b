package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxRate is the largest rate, a second.
const maxRate = 100_000

// aRate is what a rate has to be.
const aRate = `a text such as "5/s", "300/m" or "0.5/s", or a number a second`

// MarshalJSON writes a rate as a text a second, such as "5/s".
func (f Rate) MarshalJSON() ([]byte, error) { return json.Marshal(f.String()) }

// UnmarshalJSON reads what a file may hold: a text such as "300/m", or a number a second.
func (f *Rate) UnmarshalJSON(text []byte) error {
	var written string
	if !bytes.HasPrefix(text, []byte(`"`)) {
		return json.Unmarshal(text, (*float64)(f))
	}
	if err := json.Unmarshal(text, &written); err != nil {
		return fmt.Errorf("decoding rate: %w", err)
	}
	rate, ok := parseRate(written)
	if !ok {
		return fmt.Errorf("decoding rate: %s is not one; expected %s", quote(written), aRate)
	}
	*f = rate
	return nil
}

// String returns the rate as a file may have it, a second.
func (f Rate) String() string { return strconv.FormatFloat(float64(f), 'f', -1, 64) + "/s" }

// parseRate reads a number of a second, a minute or an hour.
func parseRate(text string) (Rate, bool) {
	if !regexp.MustCompile(`^(0|[1-9][0-9]{0,11})(\.[0-9]+)?/[smh]$`).MatchString(text) {
		return 0, false
	}
	number, unit, _ := strings.Cut(text, "/")
	n, err := strconv.ParseFloat(number, 64)
	switch unit {
	case "m":
		n /= 60
	case "h":
		n /= 3600
	}
	return Rate(n), err == nil
}

// steadyRate reads a rate that may not be 0.
func (r *reader) steadyRate(node *yaml.Node) Rate {
	if node == nil || node.Kind == 0 {
		return 0
	}
	faults := len(r.faults)
	rate := r.rate(node)
	if rate == 0 && len(r.faults) == faults {
		r.fault(node, "rate is %s; expected more than 0", describe(node))
	}
	return rate
}

// rate reads a rate, 0 included.
func (r *reader) rate(node *yaml.Node) Rate {
	var rate Rate
	var ok bool
	switch {
	case node.Kind == 0:
		return 0
	case node.Kind == yaml.ScalarNode && node.Tag == tagString:
		rate, ok = parseRate(node.Value)
	default:
		var n float64
		n, ok = amount(node)
		rate = Rate(n)
		ok = ok && n >= 0
	}
	switch {
	case !ok:
		r.fault(node, "rate is %s; expected %s", describe(node), aRate)
	case rate > maxRate:
		r.fault(node, "rate is %s; expected %d/s at the most", describe(node), maxRate)
	}
	if rate == 0 {
		return 0 // whatever its sign
	}
	return rate
}
