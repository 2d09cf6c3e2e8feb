// Package productfile reads Aftercare's own product file: JSON Lines, one
// article a line in the shape of docs/schema/product.schema.json, plain or gzip.
//
// It owns the reading of that format. It does not judge or store articles
// (package product), and it reads lines as the order file does (package
// orderfile). A line is an article or a rejected row that names its line, field
// and reason; unknown fields are refused because they may have meant money.
package productfile

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"path/filepath"
	"reflect"
	"strconv"

	"github.com/aftercare/aftercare/connect/orderfile"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

// Source reads one product file.
type Source struct{ path string }

// New makes a source.
func New(path string) *Source { return &Source{path} }

// Size is the file's.
func (s *Source) Size() int64 { return orderfile.Size(s.path) }

// Items reads the file line by line.
func (s *Source) Items(ctx context.Context) iter.Seq2[product.Item, error] {
	return func(yield func(product.Item, error) bool) {
		f, err := orderfile.Open(s.path, 0)
		if err != nil {
			yield(product.Item{}, err)
			return
		}
		defer f.Close()
		lines := orderfile.NewLines(f, order.Position{})
		for ctx.Err() == nil {
			raw, err := lines.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil && !errors.Is(err, orderfile.ErrLong) {
				yield(product.Item{}, err)
				return
			}
			item := product.Item{File: filepath.Base(s.path), Line: lines.At.Line, Read: f.Position()}
			sku, problem := read(raw, err, &item)
			if problem != nil {
				item.Rejected = &product.Rejected{File: item.File, Line: item.Line, SKU: sku, Field: problem.Field, Reason: problem.Reason, Value: problem.Value}
			}
			if item.Draft == nil && item.Rejected == nil {
				continue // an empty line
			}
			if !yield(item, nil) {
				return
			}
		}
	}
}

var strict = orderfile.Strict(reflect.TypeFor[product.Draft](), "sku")

func read(raw []byte, err error, item *product.Item) (sku string, problem *order.Problem) {
	if err != nil {
		return "", &order.Problem{Reason: "line longer than 4 MiB", Value: strconv.Itoa(len(raw))}
	}
	if raw = bytes.TrimSpace(raw); len(raw) == 0 {
		return "", nil
	}
	if sku, problem = strict(raw); problem != nil {
		return sku, problem
	}
	var d product.Draft
	if err := json.Unmarshal(raw, &d); err != nil {
		return sku, &order.Problem{Reason: "not JSON", Value: err.Error()}
	}
	item.Draft = &d
	return sku, nil
}
