package metrics

import (
	"encoding/json"
	"fmt"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// encoded is the JSON form of a Histogram. Times are whole microseconds.
type encoded struct {
	Count   int64 `json:"count"`
	Min     int64 `json:"minMicros,omitempty"`
	Max     int64 `json:"maxMicros,omitempty"`
	Mean    int64 `json:"meanMicros,omitempty"`
	Sum     int64 `json:"sumMicros,omitempty"`
	Clamped int64 `json:"clamped,omitempty"`
	// HDR is the base64 of HdrHistogram's V2 compressed encoding, which its tools in every language
	// read; empty when Count is 0.
	HDR string `json:"hdr,omitempty"`
}

// MarshalJSON writes the summary beside the whole distribution, so that a reader without an
// HdrHistogram library still has count, extremes and mean.
func (h Histogram) MarshalJSON() ([]byte, error) {
	form := encoded{
		Count: h.Count(), Min: h.min, Max: h.max, Sum: h.sum, Clamped: h.clamped,
		Mean: h.Mean().Microseconds(),
	}
	if form.Count > 0 {
		counts, err := h.dense().Encode(hdr.V2CompressedEncodingCookieBase)
		if err != nil {
			return nil, fmt.Errorf("encoding histogram: %w", err)
		}
		form.HDR = string(counts)
	}
	return json.Marshal(form)
}

// UnmarshalJSON reads what MarshalJSON wrote and refuses a histogram whose parts disagree.
func (h *Histogram) UnmarshalJSON(data []byte) error {
	var form encoded
	if err := json.Unmarshal(data, &form); err != nil {
		return fmt.Errorf("decoding histogram: %w", err)
	}
	if form.Count == 0 && form.HDR == "" {
		*h = Histogram{}
		return nil
	}
	counts, err := hdr.Decode([]byte(form.HDR))
	if err != nil {
		return fmt.Errorf("decoding histogram: %w", err)
	}
	if counts.LowestTrackableValue() != lowest || counts.HighestTrackableValue() != highest ||
		counts.SignificantFigures() != significant {
		return fmt.Errorf("decoding histogram: %w", errGeometry)
	}
	if counts.TotalCount() != form.Count {
		return fmt.Errorf("decoding histogram: it says %d values and holds %d", form.Count, counts.TotalCount())
	}
	if !counts.ValuesAreEquivalent(counts.Min(), form.Min) || !counts.ValuesAreEquivalent(counts.Max(), form.Max) {
		return fmt.Errorf("decoding histogram: it says %d … %d µs and holds %d … %d µs",
			form.Min, form.Max, counts.Min(), counts.Max())
	}
	*h = Histogram{counts: counts, min: form.Min, max: form.Max, sum: form.Sum, clamped: form.Clamped}
	return nil
}
