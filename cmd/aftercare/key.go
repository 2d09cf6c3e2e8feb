package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/access/apikey"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

func (p *program) keyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "key",
		Short: "API keys of programs: create, list, revoke",
		Example: `  aftercare key create "warehouse scanner" --scope parcel.scan
  aftercare key list`,
	}
	cmd.AddCommand(p.keyCreate(), p.keyList(), p.keyRevoke())
	return cmd
}

func (p *program) keyCreate() *cobra.Command {
	var n apikey.New
	var scopes []string
	var days int
	cmd := &cobra.Command{
		Use:   "create NAME",
		Short: "Make a key and print its secret once",
		Example: `  aftercare key create "warehouse scanner" --scope parcel.scan --days 365
  aftercare key create reports --role auditor`,
		Args: exactly("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (n.Role == "") == (len(scopes) == 0) {
				return usage("say either --role or --scope (scopes: %s)", joined(role.Grantable(n.Seller)))
			}
			if days < 0 {
				return usage("--days is %d: write 0 for ever, or a number of days", days)
			}
			return p.beginHere(cmd, func(ctx context.Context, h *app.House) error {
				n.Name = args[0]
				for _, s := range scopes {
					n.Scopes = append(n.Scopes, actor.Permission(s))
				}
				if days > 0 {
					n.ExpiresAt = h.DB.Now().Add(time.Duration(days) * 24 * time.Hour)
				}
				var made apikey.Key
				var secret string
				err := h.DB.Write(ctx, func(tx *db.Tx) (err error) {
					made, secret, err = apikey.Create(ctx, tx, by(cmd), n)
					return err
				})
				if err != nil {
					return err
				}
				if wantsJSON(cmd) {
					return printJSON(p.stdout, map[string]any{"id": made.ID, "name": made.Name, "scopes": made.Scopes, "secret": secret})
				}
				_, err = fmt.Fprintf(p.stdout, "%s may: %s\nsecret, shown only now: %s\n", made.Name, joined(made.Scopes), secret)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&n.Role, "role", "", "all that a role may do: "+strings.Join(role.Roles, ", "))
	cmd.Flags().StringSliceVar(&scopes, "scope", nil, "one permission, such as parcel.scan; may be repeated")
	cmd.Flags().StringVar(&n.Seller, "seller", "", "only this seller's orders and cases")
	cmd.Flags().IntVar(&days, "days", 0, "days until it expires; 0: never")
	jsonFlag(cmd)
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}

func joined(all []actor.Permission) string {
	words := make([]string, len(all))
	for i, one := range all {
		words[i] = string(one)
	}
	return strings.Join(words, " ")
}

func (p *program) keyList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the keys; secrets are not kept",
		Example: "  aftercare key list --json",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				all := []apikey.Key{}
				err := h.DB.Read(ctx, func(tx *db.Tx) error {
					for after := ""; ; {
						some, err := apikey.Page(ctx, tx, by(cmd).Tenant, after, 200)
						if err != nil || len(some) == 0 {
							return err
						}
						all = append(all, some...)
						after = some[len(some)-1].ID
					}
				})
				if err != nil {
					return err
				}
				return p.tellKeys(cmd, all)
			})
		},
	}
	jsonFlag(cmd)
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}

func (p *program) tellKeys(cmd *cobra.Command, all []apikey.Key) error {
	if wantsJSON(cmd) {
		return printJSON(p.stdout, all)
	}
	day := func(t time.Time) string {
		if t.IsZero() {
			return "never"
		}
		return t.Local().Format(time.DateOnly)
	}
	rows := [][]string{}
	for _, k := range all {
		rows = append(rows, []string{k.ID, k.Name, joined(k.Scopes), dash(k.Seller), day(k.ExpiresAt), day(k.LastUsedAt)})
	}
	return printTable(p.stdout, "no keys", []string{"ID", "NAME", "MAY", "SELLER", "EXPIRES", "LAST USED"}, rows)
}

func (p *program) keyRevoke() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "revoke ID",
		Short:   "End a key at once",
		Example: "  aftercare key revoke key_06gzze38pxy1xe5dt981807gzm",
		Args:    exactly("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				err := h.DB.Write(ctx, func(tx *db.Tx) error { return apikey.Revoke(ctx, tx, by(cmd), args[0]) })
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(p.stdout, "revoked")
				return err
			})
		},
	}
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}
