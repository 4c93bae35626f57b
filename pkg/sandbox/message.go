package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// maxBody is how much of a JSON request is read.
const maxBody = 64 << 20

// stamp is a time in a message: whole seconds, as KFP's database keeps them.
type stamp time.Time

// unset returns what KFP says where it has no time.
func unset() stamp { return stamp(time.Unix(0, 0)) }

// MarshalJSON implements json.Marshaler.
func (t stamp) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Time(t).UTC().Truncate(time.Second).Format(time.RFC3339))
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *stamp) UnmarshalJSON(content []byte) error {
	return json.Unmarshal(content, (*time.Time)(t))
}

// decode reads the body of a request. Like KFP 2.17, and unlike 2.0.5, it refuses fields that the message
// does not have: a client must send only what all versions know.
func decode[T any](r *http.Request) (T, *refusal) {
	var message T
	decoder := json.NewDecoder(io.LimitReader(r.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&message); err != nil {
		return message, &refusal{http.StatusBadRequest, codeInvalid, err.Error()}
	}
	return message, nil
}
