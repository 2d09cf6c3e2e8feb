// Package olist reads orders out of the tables of the Olist data set: one
// folder of CSV files, as published.
//
// It owns the translation of those tables into drafts. It does not judge or
// store orders (package order). The orders table is read as a stream; the
// others are found by key, with 24 bytes of memory a row.
package olist

import (
	"context"
	"iter"
	"path/filepath"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/connect/orderfile"
	"github.com/aftercare/aftercare/sales/order"
)

// The tables; translation is of product categories into English.
const (
	ordersFile      = "olist_orders_dataset.csv"
	itemsFile       = "olist_order_items_dataset.csv"
	paymentsFile    = "olist_order_payments_dataset.csv"
	customersFile   = "olist_customers_dataset.csv"
	productsFile    = "olist_products_dataset.csv"
	translationFile = "product_category_name_translation.csv"
)

// Source reads one folder.
type Source struct{ dir string }

// New makes a source of the folder with the tables.
func New(dir string) *Source { return &Source{dir: dir} }

// Name is the source of the orders.
func (s *Source) Name() string { return "olist" }

// Fingerprint recognises the tables together.
func (s *Source) Fingerprint() (string, error) {
	var paths []string
	for _, name := range []string{ordersFile, itemsFile, paymentsFile, customersFile, productsFile, translationFile} {
		paths = append(paths, filepath.Join(s.dir, name))
	}
	return orderfile.Fingerprint(paths...)
}

// Size is that of the orders table, which the others follow.
func (s *Source) Size() int64 { return orderfile.Size(filepath.Join(s.dir, ordersFile)) }

// Items reads the orders in the order of their table.
func (s *Source) Items(ctx context.Context, from order.Position) iter.Seq2[order.Item, error] {
	return func(yield func(order.Item, error) bool) {
		r, err := s.open(from)
		if err != nil {
			yield(order.Item{}, err)
			return
		}
		defer r.close()
		for ctx.Err() == nil {
			item, more, err := r.next()
			if err != nil {
				yield(order.Item{}, err)
				return
			}
			if !more || !yield(item, nil) {
				return
			}
		}
	}
}

// tables are the open files of a reading.
type tables struct {
	orders                               *table
	items, payments, customers, products *keyed
	categories                           map[string]string // Portuguese to English
	zone                                 *time.Location
	file                                 *orderfile.File
}

func (s *Source) open(from order.Position) (*tables, error) {
	t := &tables{}
	err := t.start(s.dir, from)
	if err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func (t *tables) start(dir string, from order.Position) (err error) {
	if t.zone, err = calendar.Zone(zone); err != nil {
		return err
	}
	if t.categories, err = readTranslation(filepath.Join(dir, translationFile)); err != nil {
		return err
	}
	for _, k := range []struct {
		to        **keyed
		file, key string
	}{{&t.items, itemsFile, "order_id"}, {&t.payments, paymentsFile, "order_id"}, {&t.customers, customersFile, "customer_id"}, {&t.products, productsFile, "product_id"}} {
		if *k.to, err = index(filepath.Join(dir, k.file), k.key); err != nil {
			return err
		}
	}
	if t.file, err = orderfile.Open(filepath.Join(dir, ordersFile), 0); err != nil {
		return err
	}
	if t.orders, err = readTable(t.file, ordersFile); err != nil {
		return err
	}
	for t.orders.offset() < from.Offset {
		if _, more, err := t.orders.next(); err != nil || !more {
			return err
		}
	}
	return nil
}

func (t *tables) close() {
	for _, k := range []*keyed{t.items, t.payments, t.customers, t.products} {
		if k != nil {
			_ = k.file.Close() // only read from
		}
	}
	if t.file != nil {
		_ = t.file.Close()
	}
}

func (t *tables) next() (order.Item, bool, error) {
	o, more, err := t.orders.next()
	if err != nil || !more {
		return order.Item{}, false, err
	}
	item := order.Item{File: ordersFile, Line: o.line, Read: t.orders.offset(), Next: order.Position{Offset: t.orders.offset(), Line: o.line}}
	draft, problem, err := t.draft(o)
	if err != nil {
		return order.Item{}, false, err
	}
	if problem == nil {
		item.Draft = draft
		return item, true, nil
	}
	item.Rejected = []order.Rejected{{File: ordersFile, Line: o.line, Order: o.get("order_id"), Field: problem.Field, Reason: problem.Reason, Value: problem.Value}}
	return item, true, nil
}

func readTranslation(path string) (map[string]string, error) {
	f, err := orderfile.Open(path, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t, err := readTable(f, filepath.Base(path))
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for {
		r, more, err := t.next()
		if err != nil || !more {
			return all, err
		}
		all[r.get("product_category_name")] = r.get("product_category_name_english")
	}
}

func whole(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
