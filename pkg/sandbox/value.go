package sandbox

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// value is what a column has, or what a predicate compares it with. It is a number or a text.
type value struct {
	Text    string
	Number  int64
	Numeric bool
}

func text(t string) value { return value{Text: t} }

func moment(t time.Time) value { return value{Number: t.Unix(), Numeric: true} }

// String returns the value as a text.
func (v value) String() string {
	if v.Numeric {
		return strconv.FormatInt(v.Number, 10)
	}
	return v.Text
}

// compare orders values as MySQL does: texts without notice of case, and a text beside a number by the
// number that it starts with.
func (v value) compare(other value) int {
	if !v.Numeric && !other.Numeric {
		return strings.Compare(fold(v.Text), fold(other.Text))
	}
	return cmp.Compare(v.number(), other.number())
}

func (v value) number() int64 {
	if v.Numeric {
		return v.Number
	}
	digits := strings.TrimLeft(v.Text, " ")
	end := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
	if end >= 0 {
		digits = digits[:end]
	}
	number, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return number
}
