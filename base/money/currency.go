package money

import (
	_ "embed"
	"fmt"
	"strings"
)

// list is the table of currencies: a line is a code, its digits after the point
// and its name; other lines are headings.
//
//go:embed iso4217.txt
var list string

// table has the exponents plus one by code, so that 0 is no currency. An array
// is several times as fast as a map, and every amount that is written asks it.
var table = load(list)

func load(list string) (table [26 * 26 * 26]uint8) {
	for line := range strings.Lines(list) {
		code, rest, _ := strings.Cut(line, " ")
		if at := place(code); at >= 0 {
			if rest == "" || rest[0] < '0' || rest[0] > '4' || rest[1] != ' ' || table[at] != 0 {
				panic("money: bad line in iso4217.txt: " + line)
			}
			table[at] = rest[0] - '0' + 1
		}
	}
	return table
}

// place numbers the words of three capital letters; others are -1.
func place(code string) int {
	if len(code) != 3 {
		return -1
	}
	at := 0
	for i := range 3 {
		letter := code[i] - 'A'
		if letter >= 26 {
			return -1
		}
		at = at*26 + int(letter)
	}
	return at
}

// Exponent returns the number of digits after the point of a currency: all of
// ISO 4217 that have one, and those withdrawn lately, in which old orders are.
func Exponent(currency string) (int, error) {
	if at := place(currency); at >= 0 && table[at] > 0 {
		return int(table[at]) - 1, nil
	}
	return 0, fmt.Errorf("%w: %q", ErrUnknown, currency)
}
