package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/app/quote"
	"github.com/aftercare/aftercare/base/fault"
)

var languages = []string{"en", "zh-CN", "zh-TW"}

func (p *program) quoteCommand() *cobra.Command {
	var lang string
	cmd := &cobra.Command{
		Use:   "quote FILE",
		Short: "Work a refund out on paper, without a database",
		Long: `Reads an order, the cases that it had before and one case more, and prints what
that case comes to: every component with its ground, every means of payment, and
who bears it. It is the arithmetic of the server. FILE is JSON, see
docs/schema/quote.schema.json and docs/quote.md; "-" is standard input. Several
objects one after the other (JSON Lines) are several questions; one that is wrong
is named on standard error and does not stop the others.

` + statusHelp + ` One wrong question makes it 3.`,
		Example: `  aftercare quote docs/examples/quote/simple.json
  aftercare quote cases.jsonl --json
  aftercare quote - --lang zh-CN < case.json`,
		Args: exactly("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(languages, lang) {
				return usage("--lang is %q: write en, zh-CN or zh-TW", lang)
			}
			from, err := p.input(args[0])
			if err != nil {
				return err
			}
			defer from.Close() //nolint:errcheck // only read
			return p.quotes(args[0], from, lang, wantsJSON(cmd))
		},
	}
	cmd.Flags().StringVar(&lang, "lang", "en", "language of the table: en, zh-CN, zh-TW")
	_ = cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(languages, cobra.ShellCompDirectiveNoFileComp))
	jsonFlag(cmd)
	return cmd
}

// input gives a file, or standard input for "-".
func (p *program) input(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(p.stdin), nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, usage("%s cannot be read: %s", path, reason(err))
	}
	if info.IsDir() {
		return nil, usage("%s is a folder: name a file, or - for standard input", path)
	}
	return os.Open(path)
}

// quotes answers one question after the other. JSON is one line per answer.
func (p *program) quotes(path string, from io.Reader, lang string, asJSON bool) error {
	asked, failed := 0, 0
	out := json.NewEncoder(p.stdout)
	out.SetEscapeHTML(false)
	for q := range quote.Read(from) {
		asked++
		var a quote.Answer
		err := q.Err
		if err == nil {
			a, err = quote.Work(q.Request, time.Now())
		}
		var f *fault.Fault
		switch {
		case errors.As(err, &f):
			failed++
			fmt.Fprintf(p.stderr, "%s:%d: %s\n", path, q.Line, inWords(f)+facts(f))
			if asJSON {
				err = out.Encode(map[string]any{"line": q.Line, "error": map[string]any{"code": f.Code, "title": f.Title, "detail": f.Detail, "fields": f.Fields, "facts": f.Facts}})
				if err != nil {
					return err
				}
			}
			continue
		case err != nil:
			return err
		case asJSON:
			err = out.Encode(a)
		default:
			if asked > 1 {
				fmt.Fprintln(p.stdout)
			}
			err = quote.Print(p.stdout, a, lang)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case asked == 0:
		return refusal{fmt.Errorf("%s is empty: write one JSON object", path)}
	case failed > 0:
		return refusal{fmt.Errorf("%d of %d questions in %s could not be answered", failed, asked, path)}
	}
	return nil
}

// facts are what a refusal knows besides its sentence.
func facts(f *fault.Fault) string {
	if len(f.Facts) == 0 {
		return ""
	}
	raw, err := json.Marshal(f.Facts)
	if err != nil {
		return ""
	}
	return " " + string(raw)
}
