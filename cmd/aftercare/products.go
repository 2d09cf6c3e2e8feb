package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/connect/productfile"
	"github.com/aftercare/aftercare/sales/product"
)

func (p *program) importProducts() *cobra.Command {
	var report string
	cmd := &cobra.Command{
		Use:   "products FILE…",
		Short: "Import what the shop sells, with prices",
		Long: `Imports articles from files, one after the other, so that goods exchanged for others
have a price. A file has one JSON object per line, see docs/schema/product.schema.json;
gzip is unpacked. An article that is known already is changed to what the file says;
importing the same again changes nothing, so an import that broke off is run again.

` + statusHelp + ` An import with rejected rows ends with 0; the report names them.`,
		Example: `  aftercare import products catalogue.jsonl
  aftercare import products catalogue.jsonl.gz --report rejected.jsonl`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("%s takes at least one FILE (\"%s --help\" shows examples)", cmd.CommandPath(), cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, path := range args {
				info, err := os.Stat(path)
				if err != nil {
					return usage("%s cannot be read: %s", path, reason(err))
				}
				if !info.Mode().IsRegular() {
					return usage("%s is not a file", path)
				}
				if err := onePerLine(path); err != nil {
					return err
				}
			}
			return p.beginHere(cmd, func(ctx context.Context, h *app.House) error {
				if err := h.FoundShop(ctx); err != nil {
					return err
				}
				for _, path := range args {
					if err := p.importCatalogue(cmd, h, path, report); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&report, "report", "", "file for the rejected rows as JSON Lines (default: none, only counts)")
	jsonFlag(cmd)
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}

func (p *program) importCatalogue(cmd *cobra.Command, h *app.House, path, report string) error {
	m := p.meter("import " + filepath.Base(path))
	defer m.end()
	o := product.ImportOptions{Progress: func(_ product.ImportSummary, read, of int64) { m.show("bytes", read, of) }}
	if report != "" {
		file, err := os.OpenFile(report, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer file.Close() //nolint:errcheck // Import reports what could not be written
		o.Report = file
	}
	sum, err := h.Products().Import(cmd.Context(), h.DB, by(cmd), productfile.New(path), o)
	m.end()
	if err != nil {
		return fmt.Errorf("%w (%d products are stored; run it again)", err, sum.Stored)
	}
	if wantsJSON(cmd) {
		return printJSON(p.stdout, sum)
	}
	fmt.Fprintf(p.stdout, "%s: %d products stored, %d known already, %d rows rejected; %s\n", path, sum.Stored, sum.Known, sum.Rejected, sum.Elapsed.Round(10*time.Millisecond))
	for _, why := range slices.SortedFunc(maps.Keys(sum.Reasons), func(a, b string) int { return int(sum.Reasons[b] - sum.Reasons[a]) }) {
		fmt.Fprintf(p.stdout, "  %8d  %s\n", sum.Reasons[why], why)
	}
	if sum.Rejected > 0 && report == "" {
		fmt.Fprintln(p.stdout, "  (--report FILE names each of them)")
	}
	return nil
}
