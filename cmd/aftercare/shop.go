package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/platform/db"
)

func (p *program) shopCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "shop",
		Short: "The shop's own settings: show, set; several shops: add, list",
		Example: `  aftercare shop show
  aftercare shop set --return-name "Returns" --return-line "1 Harbour Road" --return-city Ningbo --return-country CN
  aftercare shop set --host returns.shop.example
  aftercare shop add silk --name "Silk & Stone" --host returns.silk.example --admin boss@silk.example`,
	}
	cmd.AddCommand(p.shopShow(), p.shopSet(), p.shopAdd(), p.shopList())
	return cmd
}

func (p *program) shopShow() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "show",
		Short:   "Show name, zone, currency and the address for returns",
		Example: "  aftercare shop show --json",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				var shop tenant.Tenant
				err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
					shop, err = tenant.ByID(ctx, tx, by(cmd).Tenant)
					return err
				})
				if err != nil {
					return err
				}
				return p.tellShop(cmd, shop)
			})
		},
	}
	jsonFlag(cmd)
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}

func (p *program) tellShop(cmd *cobra.Command, s tenant.Tenant) error {
	if wantsJSON(cmd) {
		return printJSON(p.stdout, s)
	}
	r := s.Return
	address := strings.Join(append([]string{r.Name}, r.Lines...), ", ") + ", " + strings.TrimSpace(strings.Join([]string{r.Postcode, r.City, r.Country}, " "))
	if len(r.Lines) == 0 {
		address = "none yet: requests cannot be approved (aftercare shop set --help)"
	}
	return printTable(p.stdout, "", []string{"SHOP", s.ID}, [][]string{
		{"name", s.Name}, {"host", dash(s.Host)}, {"zone", s.Zone}, {"language", s.Language}, {"currency", s.Currency},
		{"support e-mail", dash(s.SupportEmail)}, {"returns go to", address},
	})
}

func (p *program) shopSet() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "set",
		Short:   "Change the shop's settings; what is not named stays",
		Example: `  aftercare shop set --name "海豚优选" --return-name 退货仓 --return-line 江南大道1号 --return-city 杭州 --return-country CN --return-phone "+86 571 88880000"`,
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.beginHere(cmd, func(ctx context.Context, h *app.House) error {
				if err := h.FoundShop(ctx); err != nil {
					return err
				}
				var shop tenant.Tenant
				err := h.DB.Write(ctx, func(tx *db.Tx) (err error) {
					if shop, err = tenant.ByID(ctx, tx, by(cmd).Tenant); err != nil {
						return err
					}
					change(cmd, &shop)
					if err := tenant.Apart(ctx, tx, shop, h.Config.BaseURL.Reveal()); err != nil {
						return err
					}
					shop, err = tenant.Update(ctx, tx, by(cmd), shop)
					return err
				})
				if err != nil {
					return err
				}
				return p.tellShop(cmd, shop)
			})
		},
	}
	f := cmd.Flags()
	f.String("name", "", "as customers see it")
	f.String("host", "", "host name of the shop's own, such as returns.shop.example, to which customers are led; \"\": none")
	f.String("zone", "", "time zone in which the shop counts days")
	f.String("language", "", "where the reader's is not known")
	f.String("currency", "", "ISO 4217 code")
	f.String("support-email", "", "address that customers may write to")
	f.String("return-name", "", "who receives returned parcels")
	f.StringArray("return-line", nil, "street and house; may be repeated")
	f.String("return-city", "", "city")
	f.String("return-postcode", "", "postcode")
	f.String("return-country", "", "ISO 3166-1 code such as CN")
	f.String("return-phone", "", "phone for the carrier")
	jsonFlag(cmd)
	tenantFlag(cmd)
	config.AddFlags(cmd.Flags(), append([]string{"base_url"}, storeKeys...)...)
	return cmd
}

func change(cmd *cobra.Command, s *tenant.Tenant) {
	for name, field := range map[string]*string{
		"name": &s.Name, "host": &s.Host, "zone": &s.Zone, "language": &s.Language, "currency": &s.Currency, "support-email": &s.SupportEmail,
		"return-name": &s.Return.Name, "return-city": &s.Return.City, "return-postcode": &s.Return.Postcode, "return-country": &s.Return.Country, "return-phone": &s.Return.Phone,
	} {
		if cmd.Flags().Changed(name) {
			*field, _ = cmd.Flags().GetString(name)
		}
	}
	if cmd.Flags().Changed("return-line") {
		s.Return.Lines, _ = cmd.Flags().GetStringArray("return-line")
	}
}

// homeless tells after the first start what is needed before the first return.
func (p *program) homeless(ctx context.Context, h *app.House, where string) {
	missing := false
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		shop, err := tenant.ByHost(ctx, tx, "")
		missing = err == nil && len(shop.Return.Lines) == 0
		return err
	})
	if err == nil && missing {
		fmt.Fprintf(p.stdout, "  Before the first return, say where parcels go, in the console (Shop settings) or by\n  aftercare shop set --return-name … --return-line … --return-city … --return-country …%s\n\n", where)
	}
}
