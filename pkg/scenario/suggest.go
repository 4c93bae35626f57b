package scenario

import (
	"fmt"
	"path"
	"slices"
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

// closestFile returns the known file that a name was probably meant to be, whatever folder and extension
// it was given.
func closestFile(name string, known []string) string {
	stem := func(file string) string {
		first, _, _ := strings.Cut(path.Base(file), ".")
		return first
	}
	stems := make([]string, len(known))
	for i, file := range known {
		stems[i] = stem(file)
	}
	meant := closest(stem(name), stems)
	if meant == "" {
		return ""
	}
	return known[slices.Index(stems, meant)]
}

// distance is how many bytes have to be inserted, removed or replaced, or exchanged with their neighbour, to
// turn one word into the other.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			replaced := last[j]
			if a[i] != b[j] {
				replaced++
			}
			row[j+1] = min(replaced, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
