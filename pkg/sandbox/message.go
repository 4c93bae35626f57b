package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
)

// maxBody is how much of a JSON request is read.
const maxBody = 64 << 20

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

// long is a number of 64 bits, which protocol buffers write in quotes and read with or without.
type long int64

// MarshalJSON implements json.Marshaler.
func (l long) MarshalJSON() ([]byte, error) {
	return strconv.AppendQuote(nil, strconv.FormatInt(int64(l), 10)), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (l *long) UnmarshalJSON(content []byte) error {
	read, err := toNumber(content)
	*l = long(read.Number)
	return err
}
