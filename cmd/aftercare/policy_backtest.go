package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/quality/backtest"
)

func (p *program) policyBacktest() *cobra.Command {
	var now bool
	cmd := remoteOnly(&cobra.Command{
		Use:   "backtest",
		Short: "Try rules on everything that was asked before",
		Long: `Decides again what customers asked for, by the rules of then and by a version or a
file of rules, and shows what would have changed: outcomes, money, time, for whom,
and which rules never speak. The server works; this command waits for it and
prints a table, or JSON with --json. If it is interrupted, the server goes on:
--run shows a back-test that was asked for before, --cancel ends it.

` + statusHelp + ` A back-test that failed or was cancelled makes it 3.`,
		Example: `  aftercare policy backtest --policy standard --rules draft.json
  aftercare policy backtest --version 4 --against live --from 2026-01-01 --to 2026-07-01 --json
  aftercare policy backtest --run bkt_06gzze38pxy1xe5dt981807gzm --cancel`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := p.remote(cmd)
			if err != nil {
				return err
			}
			id, _ := cmd.Flags().GetString("run")
			if cancel, _ := cmd.Flags().GetBool("cancel"); cancel {
				if id == "" {
					return usage("--cancel needs --run")
				}
				if _, err := r.ask(cmd.Context(), "POST", "/v1/backtests/"+url.PathEscape(id)+"/actions", map[string]any{"action": "cancel"}, nil); err != nil {
					return err
				}
				now = true
			}
			if id == "" {
				if id, err = p.askBacktest(cmd, r); err != nil {
					return err
				}
			}
			v, raw, err := p.await(cmd.Context(), r, id, now)
			if err != nil {
				return err
			}
			if wantsJSON(cmd) {
				err = printJSON(p.stdout, json.RawMessage(raw))
			} else {
				err = p.tellBacktest(v)
			}
			if err == nil && (v.State == backtest.Failed || v.State == backtest.Cancelled && !now) {
				return refusal{fmt.Errorf("back-test %s %s: %s", v.ID, v.State, dash(v.Error))}
			}
			return err
		},
	})
	f := cmd.Flags()
	f.String("policy", "standard", "policy by its id")
	f.Int64("version", 0, "version to try, also a draft")
	f.String("rules", "", "file with rules to try instead; - is standard input")
	f.String("from", "", "only what was asked for from this day or instant on")
	f.String("to", "", "and before this day or instant")
	f.StringSlice("kind", nil, "only these kinds, such as return_refund")
	f.StringSlice("seller", nil, "only goods of these sellers")
	f.StringSlice("source", nil, "cases, or history: past returns that came with an import (default: both)")
	f.String("against", backtest.Then, "what it is compared with: the version at each purchase (then) or the live one (live)")
	f.String("reason", "", "what past returns of an import are read as (default: no_longer_needed)")
	f.Int64("limit", 0, "requests at most, the latest first; 0: a million")
	f.String("run", "", "show this back-test, which was asked for before")
	f.Bool("cancel", false, "with --run: end it")
	f.BoolVar(&now, "no-wait", false, "do not wait for the end")
	_ = cmd.RegisterFlagCompletionFunc("against", cobra.FixedCompletions([]string{backtest.Then, backtest.Live}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// trial is what is tried, as flags say it.
func (p *program) trial(cmd *cobra.Command) (map[string]any, error) {
	body := map[string]any{}
	id, _ := cmd.Flags().GetString("policy")
	version, _ := cmd.Flags().GetInt64("version")
	file, _ := cmd.Flags().GetString("rules")
	against, _ := cmd.Flags().GetString("against")
	body["policy"], body["against"] = id, against
	if (version == 0) == (file == "") {
		return nil, usage("name what to try: --version N or --rules FILE")
	}
	if version != 0 {
		body["version"] = version
		return body, nil
	}
	d, err := p.draft(file)
	body["rules"] = d.Rules
	return body, err
}

// askBacktest asks for a back-test and gives its id.
func (p *program) askBacktest(cmd *cobra.Command, r *remote) (string, error) {
	body, err := p.trial(cmd)
	if err != nil {
		return "", err
	}
	for _, name := range []string{"from", "to"} {
		text, _ := cmd.Flags().GetString(name)
		if text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			if at, err = time.ParseInLocation(time.DateOnly, text, time.Local); err != nil {
				return "", usage("--%s is %q: write 2026-01-31 or 2026-01-31T09:00:00Z", name, text)
			}
		}
		body[name] = at.UTC()
	}
	for flag, field := range map[string]string{"kind": "kinds", "seller": "sellers", "source": "sources"} {
		if all, _ := cmd.Flags().GetStringSlice(flag); len(all) > 0 {
			body[field] = all
		}
	}
	if reason, _ := cmd.Flags().GetString("reason"); reason != "" {
		body["reason"] = reason
	}
	if limit, _ := cmd.Flags().GetInt64("limit"); limit != 0 {
		body["limit"] = limit
	}
	var made struct{ ID string }
	_, err = r.ask(cmd.Context(), "POST", "/v1/backtests", body, &made)
	return made.ID, err
}

// await asks until a back-test has ended, and tells on a terminal how far it is.
func (p *program) await(ctx context.Context, r *remote, id string, now bool) (v backtest.View, raw []byte, err error) {
	shown := terminal(p.stderr)
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		v = backtest.View{}
		if raw, err = r.ask(ctx, "GET", "/v1/backtests/"+url.PathEscape(id), nil, &v); err != nil {
			return v, nil, err
		}
		if shown {
			left := ""
			if v.Progress.SecondsLeft != nil {
				left = fmt.Sprintf(", %d s left", *v.Progress.SecondsLeft)
			}
			fmt.Fprintf(p.stderr, "\r%s: %d of %d, %.0f a second%s   ", v.State, v.Progress.Done, v.Progress.Total, v.Progress.Rate, left)
		}
		if now || v.State.Ended() {
			if shown {
				fmt.Fprintln(p.stderr)
			}
			return v, raw, nil
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			fmt.Fprintf(p.stderr, "\nthe server goes on: aftercare policy backtest --run %s\n", id)
			return v, nil, ctx.Err()
		}
	}
}

// tellBacktest prints a back-test for people.
func (p *program) tellBacktest(v backtest.View) error {
	what := "rules of a file"
	if v.Version > 0 {
		what = "version " + strconv.FormatInt(v.Version, 10)
	}
	fmt.Fprintf(p.stdout, "%s  %s of %s, %s\n", v.ID, what, v.Policy, v.State)
	fmt.Fprintf(p.stdout, "%d of %d requests, %.0f a second; better for the customer %d, worse %d, other %d\n", v.Progress.Done, v.Progress.Total, v.Progress.Rate, v.Better, v.Worse, v.Other)
	f := v.Figures
	outcomes := []string{"approve", "review", "ask", "refuse"}
	rows := [][]string{}
	for _, before := range outcomes {
		row := []string{before}
		sum := int64(0)
		for _, after := range outcomes {
			n := int64(0)
			if i := slices.IndexFunc(f.Matrix, func(c backtest.Cell) bool { return c.Before == before && c.After == after }); i >= 0 {
				n = f.Matrix[i].Count
			}
			sum += n
			row = append(row, strconv.FormatInt(n, 10))
		}
		rows = append(rows, append(row, strconv.FormatInt(sum, 10)))
	}
	if err := p.section([]string{"BEFORE \\ AFTER", "APPROVE", "REVIEW", "ASK", "REFUSE", "ALL"}, rows); err != nil {
		return err
	}
	rows = nil
	for _, m := range f.Money {
		for _, x := range []struct {
			what          string
			before, after money.Amount
		}{
			{"approved at once", m.Before.Paid, m.After.Paid}, {"waits for somebody", m.Before.Open, m.After.Open}, {"refused", m.Before.Refused, m.After.Refused},
			{"fees kept", m.Before.Fees, m.After.Fees}, {"freight, seller", m.Before.FreightSeller, m.After.FreightSeller}, {"freight, customer", m.Before.FreightCustomer, m.After.FreightCustomer},
		} {
			rows = append(rows, []string{x.what, x.before.Display(), x.after.Display(), money.Of(x.after.Minor-x.before.Minor, m.Currency).Display()})
		}
	}
	if err := p.section([]string{"MONEY", "BEFORE", "AFTER", "DIFFERENCE"}, rows); err != nil {
		return err
	}
	if f.Time.Measured > 0 {
		fmt.Fprintf(p.stdout, "\nrequests that need nobody any more %d, that need somebody now %d; median wait %s (of %d): %s saved\n", f.Time.AtOnce, f.Time.ToPerson,
			time.Duration(f.Time.MedianSeconds)*time.Second, f.Time.Measured, time.Duration(f.Time.SavedSeconds)*time.Second)
	} else {
		fmt.Fprintf(p.stdout, "\nrequests that need nobody any more %d, that need somebody now %d; how long such requests waited is not known\n", f.Time.AtOnce, f.Time.ToPerson)
	}
	rows = nil
	for _, g := range v.Groups {
		if n := g.Better + g.Worse + g.Other; n > 0 {
			rows = append(rows, []string{g.Dimension, shortened(g.Name, 40), strconv.FormatInt(g.Tried, 10), strconv.FormatInt(g.Better, 10), strconv.FormatInt(g.Worse, 10), g.Before.Display(), g.After.Display()})
		}
	}
	if err := p.section([]string{"FOR WHOM", "", "REQUESTS", "BETTER", "WORSE", "PAID BEFORE", "PAID AFTER"}, rows); err != nil {
		return err
	}
	for _, list := range []struct {
		title string
		all   []backtest.Count
	}{{"affected", f.Affected}, {"not known", f.Unknown}, {"assumed", f.Assumed}, {"could not be tried", f.Skipped}, {"law that decided", v.Coverage.Laws}, {"what people decided", f.People}} {
		if len(list.all) == 0 {
			continue
		}
		words := make([]string, len(list.all))
		for i, c := range list.all {
			words[i] = fmt.Sprintf("%s %d", c.Name, c.Count)
		}
		fmt.Fprintf(p.stdout, "%s: %s\n", list.title, strings.Join(words, ", "))
	}
	if len(v.Coverage.Never) > 0 {
		fmt.Fprintf(p.stdout, "never spoke: %s\n", strings.Join(v.Coverage.Never, ", "))
	}
	for _, o := range v.Coverage.Overlaps {
		fmt.Fprintf(p.stdout, "true together: %s and %s, %d times\n", o.First, o.Second, o.Count)
	}
	return nil
}

func (p *program) section(header []string, rows [][]string) error {
	if len(rows) == 0 {
		return nil
	}
	fmt.Fprintln(p.stdout)
	return printTable(p.stdout, "", header, rows)
}

func (p *program) policyWhatIf() *cobra.Command {
	cmd := remoteOnly(&cobra.Command{
		Use:     "what-if CASE",
		Short:   "Answer one case by other rules, side by side",
		Example: "  aftercare policy what-if R-7K2M-9QXP --rules draft.json",
		Args:    exactly("CASE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := p.remote(cmd)
			if err != nil {
				return err
			}
			body, err := p.trial(cmd)
			if err != nil {
				return err
			}
			if body["case"], err = caseID(cmd.Context(), r, args[0]); err != nil {
				return err
			}
			var got struct {
				Number, Change, Direction string
				Before, After             backtest.SideView
				Unknown                   []string
			}
			raw, err := r.ask(cmd.Context(), "POST", "/v1/policies/what-if", body, &got)
			if err != nil {
				return err
			}
			if wantsJSON(cmd) {
				return printJSON(p.stdout, json.RawMessage(raw))
			}
			fmt.Fprintf(p.stdout, "%s: %s\n", got.Number, dash(strings.TrimSpace(got.Change+" "+got.Direction)))
			for _, side := range []struct {
				name string
				s    backtest.SideView
			}{{"before", got.Before}, {"after", got.After}} {
				fmt.Fprintf(p.stdout, "\n%s  %s, %s, freight %s\n", side.name, side.s.Outcome, side.s.Refund.Display(), dash(side.s.Freight))
				for _, g := range side.s.Grounds {
					fmt.Fprintf(p.stdout, "  %s\n", g.Staff)
				}
				for _, n := range side.s.Needs {
					fmt.Fprintf(p.stdout, "  ? %s\n", n.Text)
				}
			}
			if len(got.Unknown) > 0 {
				fmt.Fprintf(p.stdout, "\nnot known: %s\n", strings.Join(got.Unknown, ", "))
			}
			return nil
		},
	})
	f := cmd.Flags()
	f.String("policy", "standard", "policy by its id")
	f.Int64("version", 0, "version to try, also a draft")
	f.String("rules", "", "file with rules to try instead; - is standard input")
	f.String("against", backtest.Then, "what it is compared with: the version at the purchase (then) or the live one (live)")
	return cmd
}
