package product

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Source reads articles out of foreign data. The packages in connect implement
// it.
type Source interface {
	// Size is the bytes to read, for progress; 0 if not known.
	Size() int64
	// Items reads all. An error ends the reading: data that is wrong comes as
	// rejected items instead.
	Items(ctx context.Context) iter.Seq2[Item, error]
}

// Item is what a source reads at a time: an article, or a row that is none.
type Item struct {
	Draft    *Draft
	Rejected *Rejected
	File     string // for messages
	Line     int64
	Read     int64 // bytes read so far, for progress
}

// Rejected is one row that did not become an article.
type Rejected struct {
	File   string `json:"file"`
	Line   int64  `json:"line,omitempty"`
	SKU    string `json:"sku,omitempty"`   // where known
	Field  string `json:"field,omitempty"` // path, as in price.minor
	Reason string `json:"reason"`          // the same sentence each time
	Value  string `json:"value,omitempty"` // what was found, shortened
}

// ImportOptions change how an import runs.
type ImportOptions struct {
	Report   io.Writer                             // gets rejected rows as JSON Lines; may be nil
	Progress func(s ImportSummary, read, of int64) // called after each batch; may be nil
}

// ImportSummary is what an import did.
type ImportSummary struct {
	Lines    int64            `json:"lines"`    // read
	Stored   int64            `json:"stored"`   // new or changed
	Known    int64            `json:"known"`    // stored before, with the same content
	Rejected int64            `json:"rejected"` // rows
	Reasons  map[string]int64 `json:"reasons"`  // rejected rows by reason
	Elapsed  time.Duration    `json:"-"`
}

// batchSize is how many articles one transaction stores.
const batchSize = 200

// Import stores the articles of a source in batches; one that is named twice is
// what its last row says. Importing again what is stored changes nothing, so an
// import that broke off is simply run again. Memory does not grow with the
// data. What was committed before an error stays.
func (s *Service) Import(ctx context.Context, store *db.DB, by actor.Actor, src Source, o ImportOptions) (sum ImportSummary, err error) {
	started := time.Now()
	sum.Reasons = map[string]int64{}
	defer func() { sum.Elapsed = time.Since(started) }()
	reject := func(r Rejected) error {
		sum.Rejected++
		sum.Reasons[r.Reason]++
		if o.Report == nil {
			return nil
		}
		raw, err := json.Marshal(r)
		if err != nil {
			return err
		}
		_, err = o.Report.Write(append(raw, '\n'))
		return err
	}
	var batch []Draft
	flush := func(read int64) error {
		if err := s.store(ctx, store, by, batch, &sum); err != nil {
			return err
		}
		batch = batch[:0]
		if o.Progress != nil {
			o.Progress(sum, read, src.Size())
		}
		return nil
	}
	var read int64
	for item, err := range src.Items(ctx) {
		if err != nil {
			return sum, fmt.Errorf("import products: %w", err)
		}
		sum.Lines++
		read = item.Read
		if item.Draft != nil {
			if p := item.Draft.check(); p != nil {
				item.Rejected = &Rejected{File: item.File, Line: item.Line, SKU: short(item.Draft.SKU), Field: p.Field, Reason: p.Reason, Value: p.Value}
			} else if batch = append(batch, *item.Draft); len(batch) == batchSize {
				if err := flush(read); err != nil {
					return sum, fmt.Errorf("import products: %w", err)
				}
			}
		}
		if item.Rejected != nil {
			if err := reject(*item.Rejected); err != nil {
				return sum, fmt.Errorf("write the report of rejected products: %w", err)
			}
		}
	}
	if err := flush(read); err != nil {
		return sum, fmt.Errorf("import products: %w", err)
	}
	return sum, ctx.Err()
}

func (s *Service) store(ctx context.Context, store *db.DB, by actor.Actor, batch []Draft, sum *ImportSummary) error {
	var stored int64
	err := store.Write(ctx, func(tx *db.Tx) error {
		stored = 0 // the function may run again
		for _, d := range batch {
			_, changed, err := s.Put(ctx, tx, by, d, 0)
			if err != nil {
				return err
			}
			if changed {
				stored++
			}
		}
		return nil
	})
	if err == nil {
		sum.Stored += stored
		sum.Known += int64(len(batch)) - stored
	}
	return err
}
