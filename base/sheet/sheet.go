// Package sheet writes cells that people open in a spreadsheet.
//
// It owns the one rule about them: a text that somebody else wrote must not be
// taken for a formula. It does not write files.
package sheet

import "strings"

// Inert keeps a spreadsheet from taking a text for a formula. Amounts are not
// texts: they go into a file as they are.
func Inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
