package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// screen is a terminal without a bottom: it knows wrapping and the few sequences that the console uses,
// and panics at any other.
type screen struct {
	columns  int
	rows     [][]rune
	row, col int
}

// known are a sequence of the console's, or one character.
var known = regexp.MustCompile(`^\x1b\[(\d*)([AKJm])`)

func (s *screen) Write(text []byte) (int, error) {
	for rest := string(text); rest != ""; {
		if match := known.FindStringSubmatch(rest); match != nil {
			s.obey(match[1], match[2])
			rest = rest[len(match[0]):]
			continue
		}
		r := []rune(rest)[0]
		s.put(r)
		rest = rest[len(string(r)):]
	}
	return len(text), nil
}

func (s *screen) obey(number, command string) {
	switch command {
	case "A":
		n, _ := strconv.Atoi(number)
		s.row -= n
		if s.row < 0 {
			panic(fmt.Sprintf("moved %d rows above the first line", -s.row))
		}
	case "K":
		s.at()
		s.rows[s.row] = s.rows[s.row][:min(s.col, len(s.rows[s.row]))]
	case "J":
		s.obey("", "K")
		s.rows = s.rows[:s.row+1]
	}
}

func (s *screen) put(r rune) {
	switch {
	case r == '\n':
		s.row, s.col = s.row+1, 0
	case r == '\r':
		s.col = 0
	case r < ' ':
		panic(fmt.Sprintf("control character %q", r))
	default:
		if s.col == s.columns {
			s.row, s.col = s.row+1, 0
		}
		s.at()
		s.rows[s.row] = append(s.rows[s.row][:s.col], append([]rune{r}, s.rows[s.row][min(s.col+1, len(s.rows[s.row])):]...)...)
		s.col++
	}
}

// at makes sure that the cursor's row exists.
func (s *screen) at() {
	for len(s.rows) <= s.row {
		s.rows = append(s.rows, nil)
	}
}

// resize does what terminals do: rows that are too long are wrapped anew.
func (s *screen) resize(columns int) {
	s.at()
	var wrapped [][]rune
	cursor := 0
	for i, row := range s.rows {
		if i == s.row {
			cursor = len(wrapped)
		}
		for len(row) > columns {
			wrapped = append(wrapped, row[:columns:columns])
			row = row[columns:]
		}
		wrapped = append(wrapped, row)
	}
	s.row = cursor
	s.rows, s.columns = wrapped, columns
}

func (s *screen) text() string {
	lines := make([]string, len(s.rows))
	for i, row := range s.rows {
		lines[i] = string(row)
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}
