package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
)

func (p *program) policyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Policies: list, show, compare, check, test, try on the past",
		Long: `Reads policies of a running server over its API, compares their versions, and tries
rules on the past before they are live. The server is --server or
AFTERCARE_SERVER, and who asks is an API key: --key or AFTERCARE_KEY, with
policy.read, and policy.write to run a back-test. "policy check" needs no server.
Of several shops it is the one at the address of the server, or the one at --host.

` + statusHelp,
		Example: `  aftercare policy list
  aftercare policy check draft.json
  aftercare policy backtest --policy standard --rules draft.json --from 2026-01-01`,
	}
	cmd.AddCommand(p.policyList(), p.policyShow(), p.policyCheck(), p.policyDiff(), p.policyTest(), p.policyBacktest(), p.policyWhatIf())
	return cmd
}

// remoteOnly adds what all commands that ask a server have.
func remoteOnly(cmd *cobra.Command) *cobra.Command {
	jsonFlag(cmd)
	remoteFlags(cmd)
	return cmd
}

func (p *program) policyList() *cobra.Command {
	return remoteOnly(&cobra.Command{
		Use:     "list",
		Short:   "List policies with the version that counts",
		Example: "  aftercare policy list\n  aftercare policy list --json | jq '.items[].id'",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var page struct{ Items []policy.Policy }
			raw, err := p.askFor(cmd, "GET", "/v1/policies", nil, &page)
			if err != nil || raw == nil {
				return err
			}
			rows := [][]string{}
			for _, x := range page.Items {
				rows = append(rows, []string{x.ID, x.Name, fmt.Sprint(x.Version), string(x.State), dash(x.Author.Name), day(x.CreatedAt), day(x.LiveAt)})
			}
			return printTable(p.stdout, "no policies", []string{"ID", "NAME", "VERSION", "STATE", "AUTHOR", "WRITTEN", "LIVE"}, rows)
		},
	})
}

func day(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.Local().Format("2006-01-02 15:04")
}

// askFor asks the server and prints the answer as it came where programs want
// it; raw is nil then.
func (p *program) askFor(cmd *cobra.Command, method, path string, body, out any) (raw []byte, err error) {
	r, err := p.remote(cmd)
	if err != nil {
		return nil, err
	}
	if raw, err = r.ask(cmd.Context(), method, path, body, out); err != nil {
		return nil, err
	}
	if wantsJSON(cmd) {
		return nil, printJSON(p.stdout, json.RawMessage(raw))
	}
	return raw, nil
}

func (p *program) policyShow() *cobra.Command {
	var version int64
	var versions bool
	cmd := remoteOnly(&cobra.Command{
		Use:     "show POLICY",
		Short:   "Show a version of a policy as JSON, or list its versions",
		Example: "  aftercare policy show standard > draft.json\n  aftercare policy show standard --versions",
		Args:    exactly("POLICY"),
		RunE: func(cmd *cobra.Command, args []string) error {
			at := "/v1/policies/" + url.PathEscape(args[0])
			if !versions {
				r, err := p.remote(cmd)
				if err != nil {
					return err
				}
				raw, err := r.ask(cmd.Context(), "GET", at+"?version="+strconv.FormatInt(version, 10), nil, nil)
				if err != nil {
					return err
				}
				return printJSON(p.stdout, json.RawMessage(raw))
			}
			var page struct{ Items []policy.Policy }
			raw, err := p.askFor(cmd, "GET", at+"/versions", nil, &page)
			if err != nil || raw == nil {
				return err
			}
			rows := [][]string{}
			for _, x := range page.Items {
				rows = append(rows, []string{fmt.Sprint(x.Version), string(x.State), dash(x.Author.Name), dash(x.Reviewer.Name), day(x.CreatedAt), day(x.LiveAt), day(x.RetiredAt), shortened(x.Note, 40)})
			}
			return printTable(p.stdout, "no versions", []string{"VERSION", "STATE", "AUTHOR", "REVIEWER", "WRITTEN", "LIVE", "RETIRED", "NOTE"}, rows)
		},
	})
	cmd.Flags().Int64Var(&version, "version", 0, "version; 0: the live one")
	cmd.Flags().BoolVar(&versions, "versions", false, "list all versions instead")
	return cmd
}

func (p *program) policyDiff() *cobra.Command {
	return remoteOnly(&cobra.Command{
		Use:     "diff POLICY FROM TO",
		Short:   "What differs between two versions",
		Example: "  aftercare policy diff standard 3 4",
		Args:    exactly("POLICY", "FROM", "TO"),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, n := range args[1:] {
				if v, err := strconv.ParseInt(n, 10, 64); err != nil || v < 1 {
					return usage("%q is no version: write a number from 1", n)
				}
			}
			var diff struct{ Changes []policy.Change }
			raw, err := p.askFor(cmd, "GET", "/v1/policies/"+url.PathEscape(args[0])+"/diff?"+url.Values{"from": {args[1]}, "to": {args[2]}}.Encode(), nil, &diff)
			if err != nil || raw == nil {
				return err
			}
			rows := [][]string{}
			for _, c := range diff.Changes {
				rows = append(rows, []string{c.Op, c.Path, short(c.Before), short(c.After)})
			}
			return printTable(p.stdout, "the same", []string{"CHANGE", "WHERE", "BEFORE", "AFTER"}, rows)
		},
	})
}

func short(v any) string {
	if v == nil {
		return "–"
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return "?"
	}
	return shortened(string(raw), 50)
}

func (p *program) policyTest() *cobra.Command {
	var version int64
	var file string
	cmd := remoteOnly(&cobra.Command{
		Use:   "test POLICY",
		Short: "Run the examples that are saved with a policy",
		Long: `Runs the examples of a version (the draft, else the live one), or the same examples
on rules from a file.

` + statusHelp + ` An example that fails makes it 3.`,
		Example: "  aftercare policy test standard\n  aftercare policy test standard --rules draft.json",
		Args:    exactly("POLICY"),
		RunE: func(cmd *cobra.Command, args []string) error {
			body := map[string]any{}
			if version > 0 {
				body["version"] = version
			}
			if file != "" {
				d, err := p.draft(file)
				if err != nil {
					return err
				}
				if body["rules"] = d.Rules; len(d.Tests) > 0 {
					body["tests"] = d.Tests
				}
			}
			var got struct{ Items []policy.Result }
			raw, err := p.askFor(cmd, "POST", "/v1/policies/"+url.PathEscape(args[0])+"/tests", body, &got)
			if err != nil {
				return err
			}
			return p.tested(got.Items, raw != nil)
		},
	})
	cmd.Flags().Int64Var(&version, "version", 0, "version; 0: the draft, else the live one")
	cmd.Flags().StringVar(&file, "rules", "", "file with rules to test instead; - is standard input")
	return cmd
}

// tested prints what failed and refuses where something did.
func (p *program) tested(all []policy.Result, aloud bool) error {
	failed := 0
	for _, t := range all {
		if t.Passed {
			continue
		}
		failed++
		fmt.Fprintf(p.stderr, "%s: %s\n", t.Name, strings.Join(t.Wrong, "; "))
	}
	if failed > 0 {
		return refusal{fmt.Errorf("%d of %d examples fail", failed, len(all))}
	}
	if aloud {
		fmt.Fprintf(p.stdout, "%d examples pass\n", len(all))
	}
	return nil
}

// draft is a file with rules: alone, or in the policy around them as "policy
// show" prints it.
type draft struct {
	Rules policy.Rules
	Tests []policy.Test
}

func (p *program) draft(path string) (d draft, err error) {
	from, err := p.input(path)
	if err != nil {
		return d, err
	}
	defer from.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(io.LimitReader(from, 4<<20))
	if err != nil {
		return d, err
	}
	var around struct {
		Rules json.RawMessage
		Tests []policy.Test
	}
	if err := json.Unmarshal(raw, &around); err != nil {
		return d, usage("%s is no policy: %s", path, place(raw, err))
	}
	at := raw
	if around.Rules != nil {
		at, d.Tests = around.Rules, around.Tests
	}
	strict := json.NewDecoder(bytes.NewReader(at))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&d.Rules); err != nil {
		return d, usage("%s holds no rules: %s", path, place(at, err))
	}
	return d, nil
}

// place adds line and column to a mistake in JSON, where they are known.
func place(raw []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	offset := int64(-1)
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	text := strings.TrimPrefix(err.Error(), "json: ")
	if offset < 0 || offset > int64(len(raw)) {
		return text
	}
	before := raw[:offset]
	return fmt.Sprintf("line %d, column %d: %s", bytes.Count(before, []byte("\n"))+1, len(before)-bytes.LastIndexByte(before, '\n')-1, text)
}

func (p *program) policyCheck() *cobra.Command {
	var packs []string
	var lang string
	cmd := &cobra.Command{
		Use:   "check FILE",
		Short: "Check rules without a server: mistakes, what the law forbids, examples",
		Long: `Checks rules in a file ("-" is standard input): what is wrong with them, by line and
column of an expression; which rights of the law of their markets they take away,
with citation; what in them has no effect; and the examples saved with them.

` + statusHelp + ` Mistakes, rights taken away and failing examples make it 3.`,
		Example: "  aftercare policy check draft.json\n  aftercare policy show standard | aftercare policy check -",
		Args:    exactly("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := p.draft(args[0])
			if err != nil {
				return err
			}
			book, err := p.book(packs)
			if err != nil {
				return err
			}
			found := policy.Checked{Problems: d.Rules.Problems(), Floor: []policy.Violation{}, Warnings: []policy.Warning{}}
			var tests []policy.Result
			if len(found.Problems) == 0 {
				found.Floor = append(found.Floor, policy.CheckOn(book, d.Rules, d.Rules.Markets, time.Now())...)
				found.Warnings = append(found.Warnings, d.Rules.Warnings(book)...)
				tests = policy.Make("draft", 0, d.Rules, nil).Try(d.Tests, owed.Together(book))
			}
			if wantsJSON(cmd) {
				if err := printJSON(p.stdout, map[string]any{"problems": found.Problems, "floor": found.Floor, "warnings": found.Warnings, "tests": tests}); err != nil {
					return err
				}
			} else {
				p.tellChecked(args[0], found, lang)
			}
			if n := len(found.Problems) + len(found.Floor); n > 0 {
				return refusal{fmt.Errorf("%s has %d mistakes and takes %d rights away", args[0], len(found.Problems), len(found.Floor))}
			}
			return p.tested(tests, !wantsJSON(cmd))
		},
	}
	cmd.Flags().StringSliceVar(&packs, "packs", nil, "folder with more packs of law, or corrected ones")
	cmd.Flags().StringVar(&lang, "lang", "en", "language: en, zh-CN, zh-TW")
	_ = cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(languages, cobra.ShellCompDirectiveNoFileComp))
	jsonFlag(cmd)
	return cmd
}

func (p *program) tellChecked(file string, c policy.Checked, lang string) {
	for _, x := range c.Problems {
		at := x.Path
		if x.Line > 0 {
			at += fmt.Sprintf(":%d:%d", x.Line, x.Column)
		}
		text := x.Message
		if x.Want != "" {
			text += " (" + x.Want + ")"
		}
		fmt.Fprintf(p.stderr, "%s: %s: %s\n", file, at, text)
	}
	for _, x := range c.Floor {
		text := x.Says[lang]
		if text == "" {
			text = x.Says["en"]
		}
		fmt.Fprintf(p.stderr, "%s: %s: %s [%s %s; %s]\n", file, x.Path, text, x.Jurisdiction, x.Rule, strings.Join(x.Cite, "; "))
	}
	for _, x := range c.Warnings {
		text := x.Says[lang]
		if text == "" {
			text = x.Message
		}
		fmt.Fprintf(p.stdout, "%s: %s\n", x.Path, text)
	}
}
