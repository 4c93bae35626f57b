package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// KFP's page sizes: what a list returns that names none, and the most that any returns.
const (
	defaultPageSize = 20
	maxPageSize     = 200
)

// createdAt is the column that lists are sorted by unless they are told otherwise.
const createdAt = "created_at"

// query is what a client asks of a list.
type query struct {
	size   int
	cursor cursor
	// first says that the list is read from its beginning.
	first bool
	where []predicate
}

// cursor is a page token, opened: the list it belongs to, and the row that its page starts with.
type cursor struct {
	Filter     string
	SortBy     string
	Descending bool
	Value      value
	ID         string
}

// pageMessage is the end of every list.
type pageMessage struct {
	TotalSize     int    `json:"total_size,omitempty"`
	NextPageToken string `json:"next_page_token,omitempty"`
}

// parseQuery reads page_size, sort_by, filter and page_token. A token brings its own filter and order, and
// goes with no others.
func parseQuery(values url.Values) (query, *refusal) {
	q := query{size: defaultPageSize, first: true}
	if size := values.Get("page_size"); size != "" {
		number, err := strconv.ParseInt(size, 10, 32)
		if err != nil {
			return q, &refusal{400, codeInvalid, err.Error()}
		}
		if number < 0 {
			return q, invalid("The page size should be greater than 0. Got %d", number)
		}
		if number > 0 {
			q.size = int(min(number, maxPageSize))
		}
	}
	asked, refused := parseOrder(values.Get("sort_by"))
	if refused != nil {
		return q, refused
	}
	asked.Filter = values.Get("filter")
	q.cursor = asked
	if token := values.Get("page_token"); token != "" {
		var err error
		if q.cursor, err = openToken(token); err != nil || q.cursor.ID == "" {
			return q, invalid("Invalid package token")
		}
		q.first = false
		same := asked.Filter == q.cursor.Filter && asked.SortBy == q.cursor.SortBy && asked.Descending == q.cursor.Descending
		if (asked.Filter != "" || values.Get("sort_by") != "") && !same {
			return q, invalid("page token does not match the supplied sort by and/or filtering criteria")
		}
	}
	q.where, refused = parseFilter(q.cursor.Filter)
	return q, refused
}

// parseOrder reads sort_by, such as "created_at desc".
func parseOrder(sortBy string) (cursor, *refusal) {
	c := cursor{SortBy: createdAt}
	words := strings.Fields(strings.ToLower(sortBy))
	if len(words) > 0 {
		c.SortBy = words[0]
	}
	switch {
	case len(words) > 2, len(words) == 2 && words[1] != "asc" && words[1] != "desc":
		return c, invalid("Received invalid sort by format %q", sortBy)
	case len(words) == 2:
		c.Descending = words[1] == "desc"
	}
	return c, nil
}

func (c cursor) token() string {
	content, err := json.Marshal(c)
	if err != nil {
		return "" // strings and numbers can always be marshalled
	}
	return base64.StdEncoding.EncodeToString(content)
}

func openToken(token string) (cursor, error) {
	var c cursor
	content, err := base64.StdEncoding.DecodeString(token)
	if err == nil {
		err = json.Unmarshal(content, &c)
	}
	return c, err
}
