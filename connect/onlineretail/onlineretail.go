// Package onlineretail reads orders out of the UCI Online Retail data set: one
// CSV file of invoice rows, plain or gzip, with credit notes among them.
//
// It owns the translation of invoices into drafts and of credit notes into
// past returns. It does not judge or store them (package order), nor find the
// purchase that a return belongs to. Memory is a few invoices.
package onlineretail

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/connect/orderfile"
	"github.com/aftercare/aftercare/sales/order"
)

// Source reads one file.
type Source struct {
	path        string
	skipReturns bool
	provider    string
}

// New makes a source of a file. With skipReturns the rows of credit notes are
// rejected with that reason instead of becoming past returns.
func New(path string, skipReturns bool) *Source {
	return &Source{path: path, skipReturns: skipReturns, provider: Provider}
}

// Provider is who pays back, unless PaidBy says otherwise: the data does not
// tell how anything was paid.
const Provider = "manual"

// PaidBy names the payment provider of the orders.
func (s *Source) PaidBy(provider string) *Source {
	s.provider = provider
	return s
}

// Name is the source of the orders.
func (s *Source) Name() string { return "onlineretail" }

// Fingerprint recognises the file, and how its credit notes are read.
func (s *Source) Fingerprint() (string, error) {
	f, err := orderfile.Fingerprint(s.path)
	if s.skipReturns {
		f += "-skip"
	}
	if s.provider != Provider {
		f += "-" + s.provider
	}
	return f, err
}

// Size is the file's.
func (s *Source) Size() int64 { return orderfile.Size(s.path) }

// Items reads the invoices in the order in which they begin.
func (s *Source) Items(ctx context.Context, from order.Position) iter.Seq2[order.Item, error] {
	return func(yield func(order.Item, error) bool) {
		if err := s.items(ctx, from, func(i order.Item) bool { return yield(i, nil) }); err != nil {
			yield(order.Item{}, err)
		}
	}
}

func (s *Source) items(ctx context.Context, from order.Position, yield func(order.Item) bool) error {
	zone, err := calendar.Zone(zone)
	if err != nil {
		return err
	}
	head, first, err := s.head()
	if err != nil {
		return err
	}
	from.Offset, from.Line = max(from.Offset, first), max(from.Line, 1)
	f, err := orderfile.Open(s.path, from.Offset)
	if err != nil {
		return err
	}
	defer f.Close()
	t := translator{file: filepath.Base(s.path), zone: zone, skipReturns: s.skipReturns, provider: s.provider}
	w := window{done: from.Skip}
	rows := newRows(f, head, from)
	for ctx.Err() == nil {
		r, err := rows.next()
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("%s: %w", t.file, err)
		}
		end := err != nil
		if !end {
			w.add(r)
		}
		for w.ready(end) {
			one := w.take()
			item := t.item(one)
			item.Read, item.Next = f.Position(), w.position(rows.at)
			if !yield(item) {
				return nil
			}
		}
		if end {
			return nil
		}
	}
	return nil
}

// row is one line of the file.
type row struct {
	number, stock, title, quantity, date, price, customer, country string
	at                                                             order.Position // where it begins
}

var columns = []string{"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"}

// head reads the names of the columns and where the rows begin.
func (s *Source) head() ([]int, int64, error) {
	f, err := orderfile.Open(s.path, 0)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	names, err := r.Read()
	if err != nil {
		return nil, 0, fmt.Errorf("%s: reading the head: %w", s.path, err)
	}
	names[0] = strings.TrimPrefix(names[0], "\xef\xbb\xbf")
	places := make([]int, len(columns))
	for i, column := range columns {
		if places[i] = slices.Index(names, column); places[i] < 0 {
			return nil, 0, fmt.Errorf("%s has no column %s", s.path, column)
		}
	}
	return places, r.InputOffset(), nil
}

type rows struct {
	csv   *csv.Reader
	head  []int
	start order.Position
	at    order.Position // where the next row begins
}

func newRows(r io.Reader, head []int, from order.Position) *rows {
	c := csv.NewReader(r)
	c.ReuseRecord = true
	return &rows{csv: c, head: head, start: from, at: from}
}

func (r *rows) next() (row, error) {
	at := r.at
	v, err := r.csv.Read()
	if err != nil {
		return row{}, err
	}
	if len(v) < len(columns) {
		return row{}, errors.New("row with too few columns")
	}
	line, _ := r.csv.FieldPos(0)
	at.Line = r.start.Line + int64(line)
	r.at.Offset, r.at.Line = r.start.Offset+r.csv.InputOffset(), at.Line
	get := func(i int) string { return v[r.head[i]] }
	return row{
		number: get(0), stock: strings.TrimSpace(get(1)), title: text(get(2)), quantity: get(3), date: get(4), price: get(5),
		customer: strings.TrimSuffix(get(6), ".0"), country: get(7), at: at,
	}, nil
}

// invoice is the rows with one number.
type invoice struct {
	number string
	rows   []row
	last   int64 // offset of its last row
}

// window holds the invoices that may still get rows: the rows of two invoices
// written at the same minute can be interleaved.
type window struct {
	open   []*invoice
	closed []*invoice // with rows after the first open invoice
	done   []string   // closed before a resumed reading
}

const (
	openInvoices = 4
	openRows     = 4 * order.MaxLines // more is refused anyway and not kept
)

func (w *window) add(r row) {
	if slices.Contains(w.done, r.number) {
		return
	}
	i := slices.IndexFunc(w.open, func(o *invoice) bool { return o.number == r.number })
	if i < 0 {
		i = len(w.open)
		w.open = append(w.open, &invoice{number: r.number})
	}
	o := w.open[i]
	o.last = r.at.Offset
	if len(o.rows) < openRows {
		o.rows = append(o.rows, r)
	}
}

func (w *window) ready(end bool) bool {
	return len(w.open) > openInvoices || end && len(w.open) > 0
}

func (w *window) take() *invoice {
	one := w.open[0]
	w.open = append(w.open[:0], w.open[1:]...)
	w.closed = append(w.closed, one)
	return one
}

// position is where to go on: at the first open invoice, over the rows of
// closed ones after it. Rows that are read again make the same invoices.
func (w *window) position(end order.Position) order.Position {
	if len(w.open) == 0 {
		return order.Position{Offset: end.Offset, Line: end.Line}
	}
	first := w.open[0].rows[0].at
	w.closed = slices.DeleteFunc(w.closed, func(o *invoice) bool { return o.last < first.Offset })
	p := order.Position{Offset: first.Offset, Line: first.Line - 1}
	for _, o := range w.closed {
		p.Skip = append(p.Skip, o.number)
	}
	return p
}

// text repairs what an older encoding left, as in the copy that UCI offers.
func text(s string) string {
	s = strings.ToValidUTF8(s, "£") // the only letter outside ASCII in the data
	return strings.Join(strings.Fields(s), " ")
}

// Layouts of dates in the copies of the data set.
var layouts = []string{time.DateTime, "1/2/2006 15:04"}
