package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/sales/order"
)

func (p *program) caseAct() *cobra.Command {
	var version int64
	cmd := &cobra.Command{
		Use:   "act CASE ACTION",
		Short: "Do something to a case: approve, refuse, receive, …",
		Long: `Does one of the actions that "aftercare case show" lists. What an action asks for
is given by --field NAME=VALUE (JSON where it is JSON, else text), or all of it as
a JSON object by --file. The version that was just read is named with the change,
so that somebody else's step in between is not overlooked.`,
		Example: `  aftercare case act R-7K2M-9QXP approve --note "Use the label in the parcel."
  aftercare case act R-7K2M-9QXP refuse --field reason_code=not_covered --comment "Worn."
  aftercare case act R-7K2M-9QXP receive --field 'items=[{"line":1,"quantity":2}]'
  aftercare case act R-7K2M-9QXP grade --file grades.json`,
		Args: exactly("CASE", "ACTION"),
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := p.fields(cmd)
			if err != nil {
				return err
			}
			r, err := p.remote(cmd)
			if err != nil {
				return err
			}
			v, _, err := look(cmd.Context(), r, args[0])
			if err != nil {
				return err
			}
			if version == 0 {
				version = v.Version
			}
			body["action"] = args[1]
			var done cases.View
			raw, err := r.ask(cmd.Context(), "POST", "/v1/cases/"+url.PathEscape(v.ID)+"/actions", body, &done, "If-Match", strconv.Quote(strconv.FormatInt(version, 10)))
			if err != nil {
				return whyNot(err, v, args[1])
			}
			return p.tellCase(cmd, done, raw)
		},
	}
	cmd.ValidArgsFunction = p.completeAction
	cmd.Flags().Int64Var(&version, "version", 0, "version the change is based on (default: the present one)")
	for name, what := range map[string]string{"note": "a word to the customer", "comment": "why, for the customer", "text": "a remark for staff"} {
		cmd.Flags().String(name, "", what)
	}
	fieldFlags(cmd)
	return cmd
}

// whyNot adds to a refusal what the case says about the action.
func whyNot(err error, v cases.View, action string) error {
	var f *fault.Fault
	if !errors.As(err, &f) || f.Detail != "" {
		return err
	}
	for _, a := range v.Actions {
		if string(a.Action) == action && a.Reason != nil {
			return f.Because(strings.TrimSuffix(a.Reason.Text, ".") + ".")
		}
	}
	return err
}

func (p *program) caseOpen() *cobra.Command {
	var items []string
	cmd := &cobra.Command{
		Use:   "open ORDER",
		Short: "Open a case on behalf of a customer",
		Long: `Opens a case on an order, named by its number or id. Each --item is the line, the
quantity and the reason; more than that is given by --field or --file, as the body
of POST /v1/cases.`,
		Example: `  aftercare case open SO-1001 --item 1:2:defective --comment "One ear is silent."
  aftercare case open SO-1001 --file request.json --json`,
		Args: exactly("ORDER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := p.fields(cmd)
			if err != nil {
				return err
			}
			if len(items) > 0 {
				if body["items"], err = itemsOf(items); err != nil {
					return err
				}
			}
			r, err := p.remote(cmd)
			if err != nil {
				return err
			}
			if body["order"], err = orderID(cmd, r, args[0]); err != nil {
				return err
			}
			var v cases.View
			raw, err := r.ask(cmd.Context(), "POST", "/v1/cases", body, &v)
			if err != nil {
				return err
			}
			return p.tellCase(cmd, v, raw)
		},
	}
	cmd.Flags().StringArrayVar(&items, "item", nil, "line:quantity:reason; may be repeated")
	cmd.Flags().String("comment", "", "what the customer says")
	fieldFlags(cmd)
	return cmd
}

func fieldFlags(cmd *cobra.Command) {
	cmd.Flags().StringArray("field", nil, "name=value of the request; may be repeated")
	cmd.Flags().String("file", "", "the request as a JSON object in a file, or - for standard input")
	jsonFlag(cmd)
	remoteFlags(cmd)
}

// fields puts a request together: the file first, then what flags say.
func (p *program) fields(cmd *cobra.Command) (map[string]any, error) {
	body := map[string]any{}
	if name, _ := cmd.Flags().GetString("file"); name != "" {
		raw, err := p.content(name)
		if err != nil {
			return nil, usage("--file %s cannot be read: %s", name, err)
		}
		if err := json.Unmarshal(raw, &body); err != nil {
			return nil, usage("--file %s is not a JSON object: %s", name, err)
		}
	}
	for _, name := range []string{"note", "comment", "text"} {
		if f := cmd.Flags().Lookup(name); f != nil && f.Changed {
			body[name] = f.Value.String()
		}
	}
	given, _ := cmd.Flags().GetStringArray("field")
	for _, one := range given {
		name, text, ok := strings.Cut(one, "=")
		if !ok || name == "" {
			return nil, usage("--field is %q: write name=value", one)
		}
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			value = text
		}
		body[name] = value
	}
	return body, nil
}

// content reads a file, or standard input for "-", up to a request's size.
func (p *program) content(name string) ([]byte, error) {
	from := p.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		from = f
	}
	return io.ReadAll(io.LimitReader(from, 1<<20))
}

func itemsOf(all []string) ([]map[string]any, error) {
	items := []map[string]any{}
	for _, one := range all {
		parts := strings.Split(one, ":")
		if len(parts) != 3 {
			return nil, usage("--item is %q: write line:quantity:reason, such as 1:2:defective", one)
		}
		line, err1 := strconv.Atoi(parts[0])
		quantity, err2 := strconv.Atoi(parts[1])
		if err1 != nil || err2 != nil {
			return nil, usage("--item is %q: line and quantity are numbers", one)
		}
		items = append(items, map[string]any{"line": line, "quantity": quantity, "reason": parts[2]})
	}
	return items, nil
}

func orderID(cmd *cobra.Command, r *remote, name string) (string, error) {
	if strings.HasPrefix(name, "ord_") {
		return name, nil
	}
	var page struct {
		Items []struct{ ID, Number string }
	}
	if _, err := r.ask(cmd.Context(), "GET", "/v1/orders?limit=50&q="+url.QueryEscape(name), nil, &page); err != nil {
		return "", err
	}
	found := ""
	for _, o := range page.Items {
		if o.Number == name && found != "" {
			return "", usage("several orders have the number %s: name one by its id (ord_…)", name)
		}
		if o.Number == name {
			found = o.ID
		}
	}
	if found == "" {
		return "", order.ErrUnknown.Because(fmt.Sprintf("%s is not the number of an order that this key may see.", name))
	}
	return found, nil
}

// completeCase offers the numbers of cases; without a server it offers nothing.
func (p *program) completeCase(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	r, err := p.remote(cmd)
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	all, err := listCases(cmd.Context(), r, url.Values{"q": {begun}}, 30)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var offered []string
	for _, c := range all {
		offered = append(offered, c.Number+"\t"+string(c.State)+" "+c.Title)
	}
	return offered, cobra.ShellCompDirectiveNoFileComp
}

// completeAction offers the case first, then what can be done to it now.
func (p *program) completeAction(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	if len(args) != 1 {
		return p.completeCase(cmd, args, begun)
	}
	r, err := p.remote(cmd)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	v, _, err := look(cmd.Context(), r, args[0])
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var offered []string
	for _, a := range v.Actions {
		if a.Allowed {
			offered = append(offered, string(a.Action))
		}
	}
	return offered, cobra.ShellCompDirectiveNoFileComp
}
