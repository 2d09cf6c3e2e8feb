package main

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/rules/policy"
)

func (p *program) caseCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "case",
		Short: "Cases of a running server: list, show, open, act, log",
		Long: `Lists, shows and drives cases of a running server over its API. The server is
--server or AFTERCARE_SERVER, and who asks is an API key: --key or AFTERCARE_KEY.
Of several shops it is the one at the address of the server, or the one at --host.
A case is named by its number (R-7K2M-9QXP) or its id.

` + statusHelp,
		Example: `  export AFTERCARE_KEY=$(aftercare key create desk --role supervisor --json | jq -r .secret)
  aftercare case list --state submitted --sort deadline
  aftercare case act R-7K2M-9QXP approve --note "Use the label in the parcel."`,
	}
	cmd.AddCommand(p.caseList(), p.caseShow(), p.caseOpen(), p.caseAct(), p.caseLog())
	return cmd
}

// casePage is a page of GET /v1/cases.
type casePage struct {
	Items []cases.Summary `json:"items"`
	Next  string          `json:"next"`
}

func (p *program) caseList() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List cases, newest first",
		Example: `  aftercare case list --state submitted,inspecting --sort oldest
  aftercare case list --assignee none --overdue --limit 500 --json`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 1 || limit > 100_000 {
				return usage("--limit is %d: write a number from 1 to 100000", limit)
			}
			if kind, _ := cmd.Flags().GetString("kind"); kind != "" && !slices.Contains(policy.Kinds, kind) {
				return usage("--kind is %q: write %s", kind, strings.Join(policy.Kinds, ", "))
			}
			r, err := p.remote(cmd)
			if err != nil {
				return err
			}
			all, err := listCases(cmd.Context(), r, caseQuery(cmd), limit)
			if err != nil {
				return err
			}
			if wantsJSON(cmd) {
				return printJSON(p.stdout, all)
			}
			rows := [][]string{}
			for _, c := range all {
				rows = append(rows, []string{c.Number, string(c.State), c.Kind, c.OrderNumber, dash(c.Name), shortened(c.Title, 28), strconv.FormatInt(c.Quantity, 10),
					c.Amount.Display(), c.Reason.Text, c.OpenedAt.Local().Format("2006-01-02 15:04"), when(c.Deadline)})
			}
			return printTable(p.stdout, "no cases", []string{"NUMBER", "STATE", "KIND", "ORDER", "CUSTOMER", "GOODS", "UNITS", "AMOUNT", "REASON", "OPENED", "DEADLINE"}, rows)
		},
	}
	f := cmd.Flags()
	f.String("state", "", "only these states, separated by commas")
	f.String("kind", "", "only this kind, such as exchange")
	f.String("reason", "", "only this reason")
	f.String("seller", "", "only goods of this seller")
	f.String("customer", "", "only this customer, by id")
	f.String("assignee", "", "only what this member of staff looks after: an id, me, or none")
	f.String("q", "", "search: the beginning of a number, or part of a name or title")
	f.String("sort", "newest", "newest, oldest or deadline")
	f.Bool("overdue", false, "only what has missed its deadline")
	f.IntVar(&limit, "limit", 50, "cases at most")
	_ = cmd.RegisterFlagCompletionFunc("sort", cobra.FixedCompletions([]string{"newest", "oldest", "deadline"}, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("state", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		all := make([]string, len(cases.States))
		for i, s := range cases.States {
			all[i] = string(s)
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	})
	jsonFlag(cmd)
	remoteFlags(cmd)
	return cmd
}

func caseQuery(cmd *cobra.Command) url.Values {
	q := url.Values{}
	for _, name := range []string{"state", "kind", "reason", "seller", "customer", "assignee", "q", "sort"} {
		if v, _ := cmd.Flags().GetString(name); v != "" {
			q.Set(name, v)
		}
	}
	if overdue, _ := cmd.Flags().GetBool("overdue"); overdue {
		q.Set("overdue", "true")
	}
	return q
}

// listCases reads pages until there are enough.
func listCases(ctx context.Context, r *remote, q url.Values, limit int) ([]cases.Summary, error) {
	all := []cases.Summary{}
	for {
		q.Set("limit", strconv.Itoa(min(200, limit-len(all))))
		var page casePage
		if _, err := r.ask(ctx, "GET", "/v1/cases?"+q.Encode(), nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if page.Next == "" || len(all) >= limit {
			return all, nil
		}
		q.Set("cursor", page.Next)
	}
}

// caseID finds a case by what people call it.
func caseID(ctx context.Context, r *remote, name string) (string, error) {
	if strings.HasPrefix(name, "case_") {
		return name, nil
	}
	all, err := listCases(ctx, r, url.Values{"q": {name}}, 20)
	if err != nil {
		return "", err
	}
	for _, c := range all {
		if strings.EqualFold(c.Number, name) {
			return c.ID, nil
		}
	}
	return "", cases.ErrUnknown.Because(name + " is not the number of a case that this key may see.")
}

// look reads a case; raw is the answer as it came.
func look(ctx context.Context, r *remote, name string) (v cases.View, raw []byte, err error) {
	id, err := caseID(ctx, r, name)
	if err == nil {
		raw, err = r.ask(ctx, "GET", "/v1/cases/"+url.PathEscape(id), nil, &v)
	}
	return v, raw, err
}

func (p *program) caseShow() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "show CASE",
		Short:   "Show a case: goods, money, deadline, what can be done",
		Example: "  aftercare case show R-7K2M-9QXP\n  aftercare case show R-7K2M-9QXP --json | jq .money",
		Args:    exactly("CASE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := p.remote(cmd)
			if err != nil {
				return err
			}
			v, raw, err := look(cmd.Context(), r, args[0])
			if err != nil {
				return err
			}
			return p.tellCase(cmd, v, raw)
		},
	}
	cmd.ValidArgsFunction = p.completeCase
	jsonFlag(cmd)
	remoteFlags(cmd)
	return cmd
}

func (p *program) caseLog() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "log CASE",
		Short:   "What happened to a case, in order",
		Example: "  aftercare case log R-7K2M-9QXP",
		Args:    exactly("CASE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := p.remote(cmd)
			if err != nil {
				return err
			}
			v, _, err := look(cmd.Context(), r, args[0])
			if err != nil {
				return err
			}
			if wantsJSON(cmd) {
				return printJSON(p.stdout, v.Timeline)
			}
			rows := [][]string{}
			for _, e := range v.Timeline {
				who := e.Actor.Kind
				if e.Actor.Name != "" {
					who += " " + e.Actor.Name
				}
				rows = append(rows, []string{e.At.Local().Format("2006-01-02 15:04:05"), who, e.Type, strings.TrimSpace(e.Text + " " + e.Note)})
			}
			return printTable(p.stdout, "nothing happened yet", []string{"AT", "WHO", "EVENT", "WHAT"}, rows)
		},
	}
	cmd.ValidArgsFunction = p.completeCase
	jsonFlag(cmd)
	remoteFlags(cmd)
	return cmd
}

// shortened cuts a text to so many cells of a terminal.
func shortened(text string, n int) string {
	if cells(text) <= n {
		return dash(text)
	}
	room := n - 1
	for i, r := range text {
		if room -= cells(string(r)); room < 0 {
			return text[:i] + "…"
		}
	}
	return text
}
