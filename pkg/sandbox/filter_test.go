package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestFilterFindsWhatMeetsAllOfIt(t *testing.T) {
	s := newSubject(Options{})
	pipeline := s.pipeline(t, waiting(`duration: "1"`))
	ids := map[string]string{}
	for _, name := range []string{"one", "two", "Two", "100% a+b", `ä \"q\"`} {
		ids[name] = s.run(t, name, pipeline).ID
	}
	other := ids["one"]
	for name, c := range map[string]struct {
		filter string
		want   []string
	}{
		"none":                 {``, []string{`100% a+b`, "Two", "one", "two", `ä "q"`}},
		"no predicates":        {`{}`, []string{`100% a+b`, "Two", "one", "two", `ä "q"`}},
		"a name":               {equals("display_name", "one"), []string{"one"}},
		"a name, old key":      {equals("name", "one"), []string{"one"}},
		"a name in other case": {equals("display_name", "ONE"), []string{"one"}},
		"a name with spaces":   {equals("display_name", "one  "), []string{"one"}},
		"a name of two":        {equals("display_name", "TWO"), []string{"Two", "two"}},
		"a part of a name":     {equals("display_name", "on"), nil},
		"no name":              {equals("display_name", ""), nil},
		"a quoted name":        {equals("display_name", `ä \"q\"`), []string{`ä "q"`}},
		"an escaped name":      {equals("display_name", `100\u0025 a\u002bb`), []string{"100% a+b"}},
		"a name encoded twice": {equals("display_name", "100%2525%20a%2Bb"), nil},
		"a name encoded":       {equals("display_name", "100%25+a%2Bb"), []string{"100% a+b"}},
		"an id":                {equals("run_id", other), []string{"one"}},
		"ids":                  {in("run_id", other, ids["two"], "absent", other), []string{"one", "two"}},
		"no ids":               {in("run_id"), nil},
		"names":                {in("display_name", "one", "TWO"), []string{"Two", "one", "two"}},
		"an id and its name":   {both(equals("run_id", other), equals("display_name", "one")), []string{"one"}},
		"an id and another's":  {both(equals("run_id", other), equals("display_name", "two")), nil},
		"a name, fields as the SDK writes them": {
			`{"predicates":[{"operation":1,"key":"display_name","stringValue":"one"}]}`, []string{"one"}},
		"part of a name": {predicateOf("display_name", "IS_SUBSTRING", `"string_value":"W"`), []string{"Two", "two"}},
		"other names":    {predicateOf("display_name", "NOT_EQUALS", `"string_value":"ONE"`), []string{`100% a+b`, "Two", "two", `ä "q"`}},
		"names behind":   {predicateOf("display_name", "GREATER_THAN", `"string_value":"one"`), []string{"Two", "two", `ä "q"`}},
		"names up to":    {predicateOf("display_name", "LESS_THAN_EQUALS", `"string_value":"ONE"`), []string{`100% a+b`, "one"}},
		"a state":        {equals("state", "pending"), []string{`100% a+b`, "Two", "one", "two", `ä "q"`}},
		"an old state":   {equals("status", "Pending"), []string{`100% a+b`, "Two", "one", "two", `ä "q"`}},
		"states":         {in("state", "RUNNING", "FAILED"), nil},
		"a past state":   {predicateOf("state_history", "IS_SUBSTRING", `"string_value":"RUNNING"`), nil},
		"what is not archived": {predicateOf("storage_state", "NOT_EQUALS", `"string_value":"ARCHIVED"`),
			[]string{`100% a+b`, "Two", "one", "two", `ä "q"`}},
		"a time":             {predicateOf("created_at", "GREATER_THAN_EQUALS", `"timestamp_value":"2026-01-02T03:04:05Z"`), []string{`100% a+b`, "Two", "one", "two", `ä "q"`}},
		"a later time":       {predicateOf("created_at", "GREATER_THAN", `"timestamp_value":"2026-01-02T03:04:05Z"`), nil},
		"a time in quotes":   {predicateOf("created_at", "LESS_THAN", `"long_value":"1767323046"`), []string{`100% a+b`, "Two", "one", "two", `ä "q"`}},
		"a time as text":     {predicateOf("created_at", "LESS_THAN", `"string_value":"1767323045 s"`), nil},
		"no end":             {predicateOf("finished_at", "EQUALS", `"int_value":0`), []string{`100% a+b`, "Two", "one", "two", `ä "q"`}},
		"numbers":            {predicateOf("scheduled_at", "IN", `"long_values":{"values":["1767323045",7]}`), []string{`100% a+b`, "Two", "one", "two", `ä "q"`}},
		"a number for an id": {predicateOf("run_id", "EQUALS", `"int_value":1`), nil},
	} {
		t.Run(name, func(t *testing.T) {
			page := get[listed](t, s, "/runs", url.Values{"filter": {c.filter}})
			var names []string
			for _, r := range page.Runs {
				names = append(names, r.Name)
			}
			slices.Sort(names)
			if !slices.Equal(names, c.want) || page.TotalSize != len(c.want) {
				t.Errorf("%s finds %q of %d, want %q", c.filter, names, page.TotalSize, c.want)
			}
		})
	}
}

func TestFilterThatTheServerDoesNotKnow(t *testing.T) {
	for _, runs := range []int{0, 1} { // a list of nothing is no excuse
		s := withRuns(t, runs)
		for _, filter := range []string{
			`run_id = a`, `[]`, `{"predicates":7}`, `{"predicates":[{}]}`, `{"conditions":[]}`, "%zz",
			`{"predicates":[{"key":"run_id","operation":"EQUALS"}]}`,
			`{"predicates":[{"key":"run_id","operation":"EQUALS","string_values":{"values":["a"]}}]}`,
			`{"predicates":[{"key":"run_id","operation":"IN","string_value":"a"}]}`,
			`{"predicates":[{"key":"run_id","string_value":"a"}]}`,
			`{"predicates":[{"key":"run_id","operation":0,"string_value":"a"}]}`,
			`{"predicates":[{"key":"run_id","operation":9,"string_value":"a"}]}`,
			`{"predicates":[{"key":"run_id","operation":"ALMOST","string_value":"a"}]}`,
			`{"predicates":[{"key":"run_id","operation":"IS_SUBSTRING","int_value":1}]}`,
			`{"predicates":[{"key":"created_at","operation":"EQUALS","timestamp_value":"yesterday"}]}`,
			`{"predicates":[{"key":"created_at","operation":"EQUALS","long_value":"1.5"}]}`,
			`{"predicates":[{"key":"run_id","operation":"EQUALS","value":"a"}]}`,
			equals("colour", "red"), equals("", "red"), both(equals("run_id", "absent"), equals("colour", "red")),
		} {
			status, contentType, answer := s.ask(http.MethodGet, "/runs?filter="+url.QueryEscape(filter), nil, nil)
			if status != http.StatusBadRequest || contentType != "application/json" || !strings.Contains(answer, `"code":3`) {
				t.Errorf("%d runs, %s: answered %d %s %.200s", runs, filter, status, contentType, answer)
			}
		}
	}
}

func TestColumnThatKFPsDatabaseDoesNotHaveIsItsOwnFault(t *testing.T) {
	s := withRuns(t, 1)
	for _, column := range []string{"experiment_id", "recurring_run_id"} {
		for _, query := range []url.Values{{"filter": {equals(column, "a")}}, {"sort_by": {column}}} {
			status, _, answer := s.ask(http.MethodGet, "/runs?"+query.Encode(), nil, nil)
			if status != http.StatusInternalServerError || !strings.Contains(answer, `"code":13`) {
				t.Errorf("%v: answered %d %.200s", query, status, answer)
			}
		}
	}
}

func predicateOf(key, operation, value string) string {
	return `{"predicates":[{"key":"` + key + `","operation":"` + operation + `",` + value + `}]}`
}

func equals(key, value string) string {
	return `{"predicates":[{"key":"` + key + `","operation":"EQUALS","string_value":"` + value + `"}]}`
}

func in(key string, values ...string) string {
	text := `"` + strings.Join(values, `","`) + `"`
	if len(values) == 0 {
		text = ""
	}
	return `{"predicates":[{"key":"` + key + `","operation":"IN","string_values":{"values":[` + text + `]}}]}`
}

func both(a, b string) string {
	return strings.TrimSuffix(a, "]}") + "," + strings.TrimPrefix(b, `{"predicates":[`)
}

func defaultID(t *testing.T, s subject) string {
	t.Helper()
	return get[listed](t, s, "/experiments", nil).Experiments[0].ID
}
