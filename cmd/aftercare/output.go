package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/text/width"
)

func jsonFlag(cmd *cobra.Command) {
	cmd.Flags().Bool("json", false, "print JSON for programs")
}

func wantsJSON(cmd *cobra.Command) bool {
	yes, _ := cmd.Flags().GetBool("json")
	return yes
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// printTable aligns rows under a header; nothing is printed for no rows.
func printTable(w io.Writer, none string, header []string, rows [][]string) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(w, none)
		return err
	}
	all := append([][]string{header}, rows...)
	wide := make([]int, len(header))
	for _, row := range all {
		for i, text := range row {
			wide[i] = max(wide[i], cells(text))
		}
	}
	var b strings.Builder
	for _, row := range all {
		line := ""
		for i, text := range row {
			line += text
			if i < len(row)-1 {
				line += strings.Repeat(" ", wide[i]-cells(text)+2)
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// cells is how wide a text is on a terminal, where Han characters take two
// places.
func cells(s string) (n int) {
	for _, r := range s {
		n++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}

func dash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}
