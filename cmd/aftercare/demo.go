package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/demo"
)

func (p *program) demoCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Fill an empty database with a demo shop",
		Long: `Fills the shop with a story of two months: customers, some 200 orders, and returns
in every state. Does nothing where the story was told before. "serve --demo" does
the same and shows the sign-ins on the sign-in page. Not for a shop with real customers.`,
		Example: "  aftercare demo --data /tmp/shop",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.begin(cmd, func(ctx context.Context, h *app.House) error {
				if err := p.tellDemo(ctx, h); err != nil {
					return err
				}
				p.demoSignIns()
				return nil
			})
		},
	}
	storeFlags(cmd)
	return cmd
}

func (p *program) tellDemo(ctx context.Context, h *app.House) error {
	m := p.meter("demo")
	defer m.end()
	if err := h.TellDemo(ctx, func(done, total int) { m.show("steps", int64(done), int64(total)) }); err != nil {
		return fmt.Errorf("filling the demo shop: %w", err)
	}
	return nil
}

func (p *program) demoSignIns() {
	fmt.Fprintf(p.stdout, "\n  Demo staff, all with the password %s:\n\n", demo.Password)
	for _, s := range demo.Staff() {
		fmt.Fprintf(p.stdout, "    %-24s %s\n", s.Email, s.Role)
	}
	fmt.Fprint(p.stdout, "\n  Demo orders for customers:\n\n")
	for _, o := range demo.Orders() {
		fmt.Fprintf(p.stdout, "    %-24s %s\n", o.Number, o.Contact)
	}
	fmt.Fprintln(p.stdout)
}
