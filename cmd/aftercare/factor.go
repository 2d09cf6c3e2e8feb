package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

func (p *program) userFactor() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "factor",
		Short: "Second factors of staff: list, reset",
		Example: `  aftercare user factor list li.na@shop.example
  aftercare user factor reset li.na@shop.example`,
	}
	cmd.AddCommand(p.factorList(), p.factorReset())
	return cmd
}

func (p *program) factorList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list EMAIL",
		Short:   "List the second factors of a member of staff",
		Example: "  aftercare user factor list li.na@shop.example --json",
		Args:    exactly("EMAIL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				a, err := person(ctx, h, by(cmd).Tenant, args[0])
				if err != nil {
					return err
				}
				var all []factor.Factor
				var left int64
				err = h.DB.Read(ctx, func(tx *db.Tx) (err error) {
					if all, err = factor.Of(ctx, tx, a.Tenant, a.ID); err != nil {
						return err
					}
					left, err = factor.Left(ctx, tx, a.Tenant, a.ID)
					return err
				})
				if err != nil {
					return err
				}
				type line struct {
					ID, Kind, Name, Site string
					CreatedAt            time.Time
				}
				lines, rows := []line{}, [][]string{}
				for _, f := range all {
					lines = append(lines, line{f.ID, string(f.Kind), f.Name, f.Site, f.CreatedAt})
					rows = append(rows, []string{string(f.Kind), f.Name, dash(f.Site), f.CreatedAt.Format(time.DateOnly)})
				}
				if wantsJSON(cmd) {
					return printJSON(p.stdout, map[string]any{"factors": lines, "recovery_left": left})
				}
				if err := printTable(p.stdout, "no second factor", []string{"KIND", "NAME", "SITE", "SINCE"}, rows); err != nil || len(rows) == 0 {
					return err
				}
				_, err = fmt.Fprintf(p.stdout, "%d recovery codes left\n", left)
				return err
			})
		},
	}
	jsonFlag(cmd)
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}

func (p *program) factorReset() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "reset EMAIL",
		Short:   "Take all second factors of a member of staff away, who has lost them, and end the sessions",
		Example: "  aftercare user factor reset admin@localhost",
		Args:    exactly("EMAIL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				a, err := person(ctx, h, by(cmd).Tenant, args[0])
				if err != nil {
					return err
				}
				_, factors := h.Staff(job.NewQueue(h.DB, h.Log), nil)
				err = h.DB.Write(ctx, func(tx *db.Tx) error { return factors.Reset(ctx, tx, by(cmd), a.ID) })
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(p.stdout, "%s signs in with the password alone now\n", a.Email)
				return err
			})
		},
	}
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}
