package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/platform/db"
)

func (p *program) shopAdd() *cobra.Command {
	var t tenant.Tenant
	var admin string
	cmd := &cobra.Command{
		Use:   "add ID",
		Short: "Add a shop beside the first, with its administrator",
		Long: `Adds a shop to this installation: with a host of its own, the standard policy and
an administrator, whose password is printed once. Requests to the host are that
shop's from now on, so the proxy has to know the host too. Other commands mean
the new shop with --tenant ID.`,
		Example: `  aftercare shop add silk --name "Silk & Stone" --host returns.silk.example --admin boss@silk.example
  aftercare shop set --tenant silk --return-name "Returns" --return-line "1 Harbour Road" --return-city Ningbo --return-country CN`,
		Args: exactly("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				t.ID = args[0]
				made, welcome, err := h.AddShop(ctx, t, admin)
				if err != nil {
					return err
				}
				at := made.At(h.Config.Address())
				return p.tellPassword("customers   "+at+"/\nstaff       "+at+"/console/\n"+welcome.Email+" (administrator) can sign in there", welcome.Password, true)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&t.Name, "name", "", "as customers see it")
	f.StringVar(&t.Host, "host", "", "host name that means this shop, such as returns.silk.example")
	f.StringVar(&admin, "admin", "", "e-mail of the first administrator")
	f.StringVar(&t.Zone, "zone", "", "time zone in which the shop counts days (default: the first shop's)")
	f.StringVar(&t.Language, "language", "", "where the reader's is not known (default: the first shop's)")
	f.StringVar(&t.Currency, "currency", "", "ISO 4217 code (default: the first shop's)")
	f.StringVar(&t.SupportEmail, "support-email", "", "address that customers may write to")
	for _, needed := range []string{"name", "host", "admin"} {
		_ = cmd.MarkFlagRequired(needed)
	}
	config.AddFlags(cmd.Flags(), append([]string{"base_url"}, storeKeys...)...)
	return cmd
}

func (p *program) shopList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the shops of this installation",
		Example: "  aftercare shop list --json",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				shops := []tenant.Tenant{}
				err := h.DB.Read(ctx, func(tx *db.Tx) error {
					all, err := tenant.IDs(ctx, tx)
					if err != nil {
						return err
					}
					for _, one := range all {
						t, err := tenant.ByID(ctx, tx, one)
						if err != nil {
							return err
						}
						shops = append(shops, t)
					}
					return nil
				})
				if err != nil {
					return err
				}
				if wantsJSON(cmd) {
					return printJSON(p.stdout, shops)
				}
				var rows [][]string
				for _, t := range shops {
					rows = append(rows, []string{t.ID, t.Name, t.At(h.Config.Address()) + "/"})
				}
				return printTable(p.stdout, "no shop yet", []string{"SHOP", "NAME", "ADDRESS"}, rows)
			})
		},
	}
	jsonFlag(cmd)
	config.AddFlags(cmd.Flags(), append([]string{"base_url"}, storeKeys...)...)
	return cmd
}
