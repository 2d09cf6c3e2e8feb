package main

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// row is one line of the file.
type row struct {
	invoice, stock, customer, price string
	quantity                        int64
	at                              time.Time
}

// readFile reads all rows. It shares no code with the importer, which it
// checks.
func readFile(path string) ([]row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var in io.Reader = bufio.NewReader(f)
	if magic, err := in.(*bufio.Reader).Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		if in, err = gzip.NewReader(in); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	lines := csv.NewReader(in)
	head, err := lines.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	place := map[string]int{}
	for i, name := range head {
		place[strings.TrimPrefix(name, "\xef\xbb\xbf")] = i
	}
	for _, name := range []string{"InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"} {
		if _, ok := place[name]; !ok {
			return nil, fmt.Errorf("%s has no column %s", path, name)
		}
	}
	var all []row
	for {
		v, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		get := func(name string) string { return v[place[name]] }
		r := row{invoice: get("InvoiceNo"), stock: strings.TrimSpace(get("StockCode")), price: get("UnitPrice"), customer: strings.TrimSuffix(get("CustomerID"), ".0")}
		if r.quantity, err = strconv.ParseInt(get("Quantity"), 10, 64); err != nil {
			return nil, fmt.Errorf("%s: invoice %s: %w", path, r.invoice, err)
		}
		if r.at, err = time.Parse(time.DateTime, get("InvoiceDate")); err != nil {
			if r.at, err = time.Parse("1/2/2006 15:04", get("InvoiceDate")); err != nil {
				return nil, fmt.Errorf("%s: invoice %s: %w", path, r.invoice, err)
			}
		}
		all = append(all, r)
	}
}
