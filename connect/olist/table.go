package olist

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/aftercare/aftercare/connect/orderfile"
)

// table reads a CSV file row by row.
type table struct {
	name    string
	csv     *csv.Reader
	columns map[string]int
}

// row is one row of a table; valid until the next is read.
type row struct {
	columns map[string]int
	values  []string
	line    int64
}

func (r row) get(column string) string { return r.values[r.columns[column]] }

// needed are the columns that a file must have.
var needed = map[string][]string{
	ordersFile:      {"order_id", "customer_id", "order_status", "order_purchase_timestamp", "order_delivered_customer_date"},
	itemsFile:       {"order_id", "order_item_id", "product_id", "seller_id", "price", "freight_value"},
	paymentsFile:    {"order_id", "payment_sequential", "payment_type", "payment_value"},
	customersFile:   {"customer_id", "customer_unique_id"},
	productsFile:    {"product_id", "product_category_name", "product_weight_g"},
	translationFile: {"product_category_name", "product_category_name_english"},
}

func readTable(r io.Reader, name string) (*table, error) {
	t := &table{name: name, csv: csv.NewReader(r), columns: map[string]int{}}
	t.csv.ReuseRecord = true
	head, err := t.csv.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: reading the head: %w", name, err)
	}
	for i, column := range head {
		if i == 0 {
			column = string(bytes.TrimPrefix([]byte(column), []byte("\xef\xbb\xbf")))
		}
		t.columns[column] = i
	}
	for _, column := range needed[name] {
		if _, ok := t.columns[column]; !ok {
			return nil, fmt.Errorf("%s has no column %s", name, column)
		}
	}
	return t, nil
}

// offset is where the next row begins.
func (t *table) offset() int64 { return t.csv.InputOffset() }

// next reads a row; more is false at the end. A file that is not CSV is an
// error: after it no row could be trusted.
func (t *table) next() (r row, more bool, err error) {
	values, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return row{}, false, nil
	}
	if err != nil {
		return row{}, false, fmt.Errorf("%s: %w", t.name, err)
	}
	line, _ := t.csv.FieldPos(0)
	return row{columns: t.columns, values: values, line: int64(line)}, true, nil
}

// keyed finds the rows of a file by a key that it is not sorted by. It keeps a
// hash and a place of each row.
type keyed struct {
	file    *os.File
	columns map[string]int
	key     string
	places  []place
}

type place struct {
	hash   [8]byte
	offset int64
	size   int32
	line   int32
}

// index reads a file once and remembers where its rows are.
func index(path, key string) (*keyed, error) {
	f, err := orderfile.Open(path, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t, err := readTable(f, filepath.Base(path))
	if err != nil {
		return nil, err
	}
	k := &keyed{columns: t.columns, key: key}
	for {
		start := t.offset()
		r, more, err := t.next()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		k.places = append(k.places, place{hashOf(r.get(key)), start, int32(t.offset() - start), int32(r.line)})
	}
	slices.SortStableFunc(k.places, func(a, b place) int { return bytes.Compare(a.hash[:], b.hash[:]) })
	k.file, err = os.Open(path)
	return k, err
}

func hashOf(key string) (h [8]byte) {
	sum := sha256.Sum256([]byte(key))
	copy(h[:], sum[:])
	return h
}

// rows reads the rows with a key, in the order of the file.
func (k *keyed) rows(key string) ([]row, error) {
	hash := hashOf(key)
	i, _ := slices.BinarySearchFunc(k.places, hash, func(p place, h [8]byte) int { return bytes.Compare(p.hash[:], h[:]) })
	var all []row
	for ; i < len(k.places) && k.places[i].hash == hash; i++ {
		p := k.places[i]
		raw := make([]byte, p.size)
		if _, err := k.file.ReadAt(raw, p.offset); err != nil {
			return nil, fmt.Errorf("reading %s: %w", k.file.Name(), err)
		}
		values, err := csv.NewReader(bytes.NewReader(raw)).Read()
		if err != nil {
			return nil, fmt.Errorf("%s changed while it was read: %w", k.file.Name(), err)
		}
		if r := (row{columns: k.columns, values: values, line: int64(p.line)}); r.get(k.key) == key {
			all = append(all, r)
		}
	}
	slices.SortStableFunc(all, func(a, b row) int { return cmp.Compare(a.line, b.line) })
	return all, nil
}
