package sandbox

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// KFP's page sizes: what a list returns that names none, and the most that any returns.
const (
	defaultPageSize = 20
	maxPageSize     = 200
)

// item is what lists need to know of what they list.
type item struct {
	id      string
	created time.Time
	// field returns what filters see, and false for keys that there are not.
	field func(key string) (string, bool)
}

// listOptions is what a client asks of a list.
type listOptions struct {
	size   int
	cursor cursor
}

// cursor is a page token, opened: the list it belongs to, and where its page starts. The first page starts
// at the zero place.
type cursor struct {
	Filter     string
	Descending bool
	Created    int64
	ID         string
}

type pageMessage struct {
	TotalSize     int    `json:"total_size,omitempty"`
	NextPageToken string `json:"next_page_token,omitempty"`
}

// page is one page of a list.
type page[T any] struct {
	items   []T
	message pageMessage
}

// listOptionsOf reads page_size, sort_by, filter and page_token. Sorting is by time of creation only.
func listOptionsOf(query url.Values) (listOptions, *refusal) {
	options := listOptions{size: defaultPageSize, cursor: cursor{Filter: query.Get("filter")}}
	if text := query.Get("page_size"); text != "" {
		size, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return options, &refusal{400, codeInvalid, err.Error()}
		}
		if size < 0 {
			return options, invalid("The page size should be greater than 0. Got %d", size)
		}
		if size > 0 {
			options.size = int(min(size, maxPageSize))
		}
	}
	sortBy := strings.Fields(strings.ToLower(query.Get("sort_by")))
	switch {
	case len(sortBy) == 0:
	case sortBy[0] != "created_at":
		return options, invalid("Invalid sorting field: %q", sortBy[0])
	case len(sortBy) == 2 && sortBy[1] == "desc":
		options.cursor.Descending = true
	case len(sortBy) > 2, len(sortBy) == 2 && sortBy[1] != "asc":
		return options, invalid("Received invalid sort by format %q", query.Get("sort_by"))
	}
	token := query.Get("page_token")
	if token == "" {
		return options, nil
	}
	opened, err := openToken(token)
	if err != nil {
		return options, invalid("Invalid package token")
	}
	asked := options.cursor
	if (asked.Filter != "" || len(sortBy) > 0) && (asked.Filter != opened.Filter || asked.Descending != opened.Descending) {
		return options, invalid("page token does not match the supplied sort by and/or filtering criteria")
	}
	options.cursor = opened
	return options, nil
}

// list returns the page that was asked for. Items of the same second are in the order of their ids, which
// is any order.
func list[T any](options listOptions, all []*T, describe func(*T) item) (page[*T], *refusal) {
	var answer page[*T]
	filter, refused := parseFilter(options.cursor.Filter)
	if refused == nil {
		refused = filter.checkKeys(describe(new(T)).field) // there may be nothing to list
	}
	if refused != nil {
		return answer, refused
	}
	var found []*T
	for _, one := range all {
		if filter.matches(describe(one).field) {
			found = append(found, one)
		}
	}
	place := func(one *T) cursor {
		described := describe(one)
		c := options.cursor
		c.Created, c.ID = described.created.Unix(), described.id
		return c
	}
	slices.SortFunc(found, func(a, b *T) int { return place(a).compare(place(b)) })
	answer.message.TotalSize = len(found)
	if options.cursor.ID != "" {
		found = slices.DeleteFunc(found, func(one *T) bool { return place(one).compare(options.cursor) < 0 })
	}
	if len(found) > options.size {
		answer.message.NextPageToken = place(found[options.size]).token()
		found = found[:options.size]
	}
	answer.items = found
	return answer, nil
}

// compare orders places in a list.
func (c cursor) compare(other cursor) int {
	order := cmp.Or(cmp.Compare(c.Created, other.Created), cmp.Compare(c.ID, other.ID))
	if c.Descending {
		return -order
	}
	return order
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
