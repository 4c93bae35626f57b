package scenario

import (
	"fmt"
	"strings"
)

// orSuggest ends a message about an unknown word: with what was probably meant, else with all that was
// expected.
func orSuggest(word string, known []string) string {
	if meant := closest(word, known); meant != "" {
		return fmt.Sprintf("; did you mean %q?", meant)
	}
	return "; expected " + listed("or", known...)
}

// closest returns the known word that a word was probably meant to be: one that differs in few letters
// or, failing that, the only one that contains it.
func closest(word string, known []string) string {
	const tooLong = 64
	if len(word) > tooLong {
		return ""
	}
	word = strings.ToLower(word)
	var meant string
	var containing []string
	least := max(1, len(word)/3) + 1
	for _, candidate := range known {
		lower := strings.ToLower(candidate)
		if d := distance(word, lower); d < least {
			meant, least = candidate, d
		}
		if len(word) > 2 && strings.Contains(lower, word) {
			containing = append(containing, candidate)
		}
	}
	if meant == "" && len(containing) == 1 {
		return containing[0]
	}
	return meant
}

// distance is how many bytes have to be inserted, removed or replaced to turn one word into the other.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
