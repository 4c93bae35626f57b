package kfp

import (
	"net/http"
	"testing"
	"time"
)

func TestCallTellsTheServersDate(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for name, test := range map[string]struct {
		header []string
		want   time.Time
	}{
		"a date":            {[]string{at.Format(http.TimeFormat)}, at},
		"an old form":       {[]string{at.Format(time.ANSIC)}, at},
		"none":              {nil, time.Time{}},
		"what is no date":   {[]string{"yesterday"}, time.Time{}},
		"seconds since":     {[]string{"1772600767"}, time.Time{}},
		"the first of two":  {[]string{at.Format(http.TimeFormat), "yesterday"}, at},
		"an empty date":     {[]string{""}, time.Time{}},
		"a date and a tail": {[]string{at.Format(http.TimeFormat) + " or so"}, time.Time{}},
	} {
		for _, status := range []int{http.StatusOK, http.StatusServiceUnavailable} {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header()["Date"] = test.header // nil keeps the standard library from adding its own
				answers(status, "application/json", "{}")(w, r)
			})
			var told witness
			_, _ = to(t, s, Config{Observe: told.observe}).Health(t.Context())
			if got := told.only(t); !got.Date.Equal(test.want) || got.Status != status {
				t.Errorf("%s, %d: told of %+v, want %s", name, status, got, test.want)
			}
		}
	}
}

func TestCallWithoutAnAnswerHasNoDate(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { hangUp(w, "") })
	var told witness
	_, err := to(t, s, Config{Observe: told.observe}).Health(t.Context())
	failure(t, err)
	if got := told.only(t); !got.Date.IsZero() {
		t.Errorf("told of %+v", got)
	}
}
