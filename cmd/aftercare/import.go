package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/connect/olist"
	"github.com/aftercare/aftercare/connect/onlineretail"
	"github.com/aftercare/aftercare/connect/orderfile"
	"github.com/aftercare/aftercare/sales/order"
)

var formats = []string{"auto", "aftercare", "olist", "onlineretail"}

func (p *program) importCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "import",
		Short:   "Read data from files of other systems",
		Example: "  aftercare import orders shop.jsonl",
	}
	cmd.AddCommand(p.importOrders(), p.importProducts())
	return cmd
}

// importFlags are what a person may say about an import.
type importFlags struct {
	format, source, report, provider string
	resume, skipReturns              bool
}

func (p *program) importOrders() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "orders FILE…",
		Short: "Import orders and past returns",
		Long: `Imports orders from files, one after the other. Reading and memory are constant
whatever the size; an order is stored whole or rejected; importing the same again
changes nothing. An import that was interrupted goes on with --resume.

Formats: aftercare (one JSON object per line, see docs/schema/order.schema.json), olist (the
folder with the Olist tables), onlineretail (the CSV of UCI Online Retail, whose
negative lines are past returns). "auto" looks at the file.

` + statusHelp + ` An import with rejected rows ends with 0; the report names them.`,
		Example: `  aftercare import orders shop.jsonl --source shop
  aftercare import orders ./olist --report rejected.jsonl
  aftercare import orders "Online Retail.csv" --resume`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("%s takes at least one FILE (\"%s --help\" shows examples)", cmd.CommandPath(), cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			sources, err := f.sources(args)
			if err != nil {
				return err
			}
			return p.beginHere(cmd, func(ctx context.Context, h *app.House) error {
				if err := h.FoundShop(ctx); err != nil {
					return err
				}
				for i, src := range sources {
					if err := p.importOne(cmd, h, f, args[i], src); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&f.format, "format", "auto", strings.Join(formats, ", "))
	cmd.Flags().StringVar(&f.source, "source", "shop", "name of the shop system, for the format aftercare: order numbers are unique in it")
	cmd.Flags().StringVar(&f.report, "report", "", "file for the rejected rows as JSON Lines (default: none, only counts)")
	cmd.Flags().BoolVar(&f.resume, "resume", false, "go on where an interrupted import of the same files stopped")
	cmd.Flags().BoolVar(&f.skipReturns, "skip-returns", false, "leave out past returns (onlineretail)")
	cmd.Flags().StringVar(&f.provider, "provider", onlineretail.Provider, "payment provider that pays refunds, where the data names none (onlineretail)")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	jsonFlag(cmd)
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}

// sources opens nothing; it finds out who can read which file.
func (f importFlags) sources(paths []string) ([]order.Source, error) {
	if !slices.Contains(formats, f.format) {
		return nil, usage("--format is %q: write %s", f.format, strings.Join(formats, ", "))
	}
	var all []order.Source
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, usage("%s cannot be read: %s", path, reason(err))
		}
		format := f.format
		if format == "auto" {
			if format = recognise(path, info); format == "" {
				return nil, usage("%s is of no known format: say --format %s", path, strings.Join(formats[1:], ", "))
			}
		}
		switch format {
		case "olist":
			if !info.IsDir() {
				path = filepath.Dir(path)
			}
			all = append(all, olist.New(path))
		case "onlineretail":
			all = append(all, onlineretail.New(path, f.skipReturns).PaidBy(f.provider))
		default:
			if err := onePerLine(path); err != nil {
				return nil, err
			}
			all = append(all, orderfile.New(path, f.source))
		}
	}
	return all, nil
}

func reason(err error) string {
	if e, ok := err.(*fs.PathError); ok {
		return e.Err.Error()
	}
	return err.Error()
}

// onePerLine refuses JSON that is printed over several lines or is one list,
// before each of its lines is rejected.
func onePerLine(path string) error {
	f, err := orderfile.Open(path, 0)
	if err != nil {
		return nil //nolint:nilerr // reading says what is wrong with it
	}
	defer f.Close() //nolint:errcheck // it was only read
	start, _ := bufio.NewReader(f).Peek(64)
	first, _, _ := strings.Cut(strings.TrimSpace(string(start)), "\n")
	switch first = strings.TrimSpace(first); {
	case strings.HasPrefix(first, "["):
		return usage("%s is one list, and one object per line is read: jq -c '.[]' %s > lines.jsonl", path, path)
	case first == "{":
		return usage("%s is JSON over several lines, and one object per line is read: jq -c . %s > lines.jsonl", path, path)
	}
	return nil
}

// recognise looks at names and the first line.
func recognise(path string, info fs.FileInfo) string {
	if info.IsDir() {
		if found, _ := filepath.Glob(filepath.Join(path, "olist_orders_dataset.csv*")); len(found) > 0 {
			return "olist"
		}
		return ""
	}
	if strings.HasPrefix(filepath.Base(path), "olist_") {
		return "olist"
	}
	name := strings.TrimSuffix(path, ".gz")
	switch {
	case strings.HasSuffix(name, ".jsonl"), strings.HasSuffix(name, ".ndjson"), strings.HasSuffix(name, ".json"):
		return "aftercare"
	case strings.HasSuffix(name, ".csv"):
		return recogniseCSV(path)
	}
	return ""
}

func recogniseCSV(path string) string {
	f, err := orderfile.Open(path, 0)
	if err != nil {
		return ""
	}
	defer f.Close()
	head, err := csv.NewReader(io.LimitReader(f, 64<<10)).Read()
	if err != nil || !slices.ContainsFunc(head, func(name string) bool { return strings.Contains(strings.ReplaceAll(name, " ", ""), "Invoice") }) {
		return ""
	}
	return "onlineretail"
}

func (p *program) importOne(cmd *cobra.Command, h *app.House, f importFlags, path string, src order.Source) error {
	o := order.ImportOptions{Resume: f.resume}
	if f.report != "" {
		file, err := os.OpenFile(f.report, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer file.Close() //nolint:errcheck // Import reports what could not be written
		o.Report = file
	}
	m := p.meter("import " + filepath.Base(path))
	defer m.end()
	o.Progress = func(s order.ImportState) { m.show("bytes", s.Read, s.Total) }
	sum, err := h.Orders().Import(cmd.Context(), h.DB, by(cmd), src, o)
	m.end()
	if err != nil {
		if sum.Orders+sum.Skipped > 0 {
			return fmt.Errorf("%w (%d orders are stored; --resume goes on)", err, sum.Orders)
		}
		return err
	}
	if wantsJSON(cmd) {
		return printJSON(p.stdout, sum)
	}
	return p.tellImport(path, f.report, sum)
}

func (p *program) tellImport(path, report string, s order.ImportSummary) error {
	pace := fmt.Sprintf("%.0f lines/s", float64(s.Lines)/max(s.Elapsed.Seconds(), 0.001))
	if s.Resumed {
		pace = "after going on" // the counts are those of all runs, the time is not
	}
	fmt.Fprintf(p.stdout, "%s: %d orders with %d lines stored, %d known already, %d past returns (%d known), %d rows rejected; %s, %s\n",
		path, s.Orders, s.Lines, s.Skipped, s.Returned, s.Known, s.Rejected, s.Elapsed.Round(10*time.Millisecond), pace)
	for _, why := range slices.SortedFunc(maps.Keys(s.Reasons), func(a, b string) int { return int(s.Reasons[b] - s.Reasons[a]) }) {
		fmt.Fprintf(p.stdout, "  %8d  %s\n", s.Reasons[why], why)
	}
	if s.Rejected > 0 && report == "" {
		fmt.Fprintln(p.stdout, "  (--report FILE names each of them)")
	}
	return nil
}
