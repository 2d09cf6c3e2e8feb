package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/rules/rights"
)

func (p *program) rightsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rights",
		Short: "What the law of a country gives a consumer, without a database",
		Long: `Reads facts about an order line and says for each remedy whether the consumer is
entitled to it, until when, at whose cost, for what money, and by which rule. The
law is data: docs/guides/rights-packs.md says how to correct or add a country.
It is no legal advice.`,
	}
	var packs []string
	cmd.PersistentFlags().StringSliceVar(&packs, "packs", nil, "folder with more packs, or corrected ones (repeat it for several)")
	_ = cmd.MarkPersistentFlagDirname("packs")
	cmd.AddCommand(p.rightsDecide(&packs), p.rightsExplain(&packs), p.rightsPacks(&packs), p.rightsTest(&packs))
	return cmd
}

func (p *program) rightsDecide(packs *[]string) *cobra.Command {
	return &cobra.Command{
		Use:   "decide FILE",
		Short: "Answer questions: facts in, decisions out, both JSON",
		Long: `Reads facts as JSON, see docs/schema/rights-facts.schema.json, and writes one line
of JSON for each. "-" is standard input. Several objects one after the other (JSON
Lines) are several questions; one that is wrong is named on standard error and
does not stop the others.

` + statusHelp + ` One wrong question makes it 3.`,
		Example: `  aftercare rights decide docs/examples/rights/france.json
  aftercare rights decide - --packs my-packs < questions.jsonl`,
		Args: exactly("FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			out := json.NewEncoder(p.stdout)
			out.SetEscapeHTML(false)
			return p.rights(args[0], *packs, func(_ *rights.Book, a *rights.Answer, _ int) error { return out.Encode(a) },
				func(line int, f *fault.Fault) error {
					return out.Encode(map[string]any{"line": line, "error": map[string]any{"code": f.Code, "title": f.Title, "facts": f.Facts}})
				})
		},
	}
}

func (p *program) rightsExplain(packs *[]string) *cobra.Command {
	var lang string
	var staff bool
	cmd := &cobra.Command{
		Use:   "explain FILE",
		Short: "Answer questions in plain words",
		Long:  "Reads the same facts as \"rights decide\" and writes what a customer would want to read. With --staff also rules, sources and the facts that decided.\n\n" + statusHelp,
		Example: `  aftercare rights explain docs/examples/rights/france.json
  aftercare rights explain - --lang zh-CN --staff < question.json`,
		Args: exactly("FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			if !slices.Contains(languages, lang) {
				return usage("--lang is %q: write en, zh-CN or zh-TW", lang)
			}
			return p.rights(args[0], *packs, func(b *rights.Book, a *rights.Answer, n int) error {
				if n > 1 {
					fmt.Fprintln(p.stdout)
				}
				_, err := io.WriteString(p.stdout, b.Explain(a, lang, staff))
				return err
			}, nil)
		},
	}
	cmd.Flags().StringVar(&lang, "lang", "en", "language: en, zh-CN, zh-TW")
	cmd.Flags().BoolVar(&staff, "staff", false, "also rules, sources and the facts that decided")
	_ = cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(languages, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// book loads the packs; mistakes in them are printed with their places.
func (p *program) book(folders []string) (*rights.Book, error) {
	return p.loaded(rights.Load(folders...))
}

func (p *program) loaded(b *rights.Book, err error) (*rights.Book, error) {
	var problems rights.Problems
	if errors.As(err, &problems) {
		for _, one := range problems {
			fmt.Fprintln(p.stderr, one)
		}
		return nil, refusal{mistakes(len(problems))}
	}
	var f *fault.Fault
	if errors.As(err, &f) {
		return nil, refusal{errors.New(inWords(f) + facts(f))}
	}
	return b, err
}

func mistakes(n int) error {
	if n == 1 {
		return errors.New("the packs have a mistake")
	}
	return fmt.Errorf("the packs have %d mistakes", n)
}

// rights answers one question after the other.
func (p *program) rights(path string, folders []string, show func(*rights.Book, *rights.Answer, int) error, refuse func(int, *fault.Fault) error) error {
	b, err := p.book(folders)
	if err != nil {
		return err
	}
	from, err := p.input(path)
	if err != nil {
		return err
	}
	defer from.Close() //nolint:errcheck // only read
	asked, failed := 0, 0
	for q := range rights.Read(from) {
		asked++
		var a rights.Answer
		err := q.Err
		if err == nil {
			a, err = b.Decide(q.Facts)
		}
		var f *fault.Fault
		switch {
		case errors.As(err, &f):
			failed++
			fmt.Fprintf(p.stderr, "%s:%d: %s\n", path, q.Line, inWords(f)+facts(f))
			err = nil
			if refuse != nil {
				err = refuse(q.Line, f)
			}
		case err == nil:
			err = show(b, &a, asked)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case asked == 0:
		return refusal{fmt.Errorf("%s is empty: write one JSON object", path)}
	case failed > 0:
		if path == "-" {
			path = "the input"
		}
		return refusal{fmt.Errorf("%d of %d questions in %s could not be answered", failed, asked, path)}
	}
	return nil
}

func (p *program) rightsPacks(packs *[]string) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "packs",
		Example: "  aftercare rights packs\n  aftercare rights packs --packs ./my-packs",
		Short:   "List the packs: version, rules, how sure they are",
		Long:    "Confidence counts rules: A official text read, B two sources or a regulator's page, C one secondary source, D not verified, which never says that a right exists.\n\n" + statusHelp,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := p.book(*packs)
			if err != nil {
				return err
			}
			list := b.Packs("en")
			if wantsJSON(cmd) {
				return printJSON(p.stdout, map[string]any{"items": list})
			}
			var rows [][]string
			for _, r := range list {
				row := []string{r.Jurisdiction, r.Name, fmt.Sprint(r.Version), r.Status, r.Effective, dash(r.Extends), fmt.Sprint(r.Rules)}
				for _, grade := range []string{"A", "B", "C", "D"} {
					row = append(row, fmt.Sprint(r.Confidence[grade]))
				}
				rows = append(rows, row)
			}
			return printTable(p.stdout, "no packs", []string{"CODE", "NAME", "VERSION", "STATUS", "FROM", "EXTENDS", "RULES", "A", "B", "C", "D"}, rows)
		},
	}
	jsonFlag(cmd)
	return cmd
}

func (p *program) rightsTest(packs *[]string) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "test [DIR]",
		Example: "  aftercare rights test\n  aftercare rights test ./my-packs --json",
		Short:   "Check packs and run the tests inside them",
		Long:    "Checks the packs of a folder, and runs their tests with the shipped packs beside them. Without a folder it runs the shipped ones. Mistakes come with file, line, column and a code of docs/rights-checks.md.\n\n" + statusHelp + " A test that fails makes it 3.",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var wrong rights.Problems
			b, err := rights.Load(append(slices.Clone(*packs), args...)...)
			if wantsJSON(cmd) && errors.As(err, &wrong) {
				return errors.Join(printJSON(p.stdout, map[string]any{"tests": 0, "problems": wrong}), refusal{mistakes(len(wrong))})
			}
			if b, err = p.loaded(b, err); err != nil {
				return err
			}
			ran, failed := 0, 0
			for _, t := range b.Run() {
				if len(args) == 1 && !strings.HasPrefix(t.File, args[0]) {
					continue
				}
				ran++
				if t.Failed != nil {
					failed++
				}
				wrong = append(wrong, t.Problems()...)
			}
			if wantsJSON(cmd) {
				if err := printJSON(p.stdout, map[string]any{"tests": ran, "problems": append(rights.Problems{}, wrong...)}); err != nil {
					return err
				}
			}
			if failed > 0 {
				if !wantsJSON(cmd) {
					fmt.Fprintln(p.stderr, wrong)
				}
				return refusal{fmt.Errorf("%d of %d tests fail", failed, ran)}
			}
			if !wantsJSON(cmd) {
				fmt.Fprintf(p.stdout, "%d tests pass\n", ran)
			}
			return nil
		},
	}
	jsonFlag(cmd)
	return cmd
}
