package order

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/customer"
)

// ImportOptions change how an import runs.
type ImportOptions struct {
	Resume   bool                // go on where an unfinished import of the same data stopped
	Report   io.Writer           // gets all rejected rows as JSON Lines when the import is done; may be nil
	Progress func(s ImportState) // called after each batch; may be nil
}

// ImportState is how far an import is.
type ImportState struct {
	Read, Total int64 // bytes; Total is 0 if not known
	ImportSummary
}

// ImportSummary is what an import did, over all its runs where it was resumed.
type ImportSummary struct {
	Orders   int64            `json:"orders"`   // stored
	Lines    int64            `json:"lines"`    // of those orders
	Skipped  int64            `json:"skipped"`  // orders that were stored before, with the same content
	Returned int64            `json:"returned"` // past returns stored
	Known    int64            `json:"known"`    // past returns that were stored before
	Rejected int64            `json:"rejected"` // rows
	Reasons  map[string]int64 `json:"reasons"`  // rejected rows by reason
	Resumed  bool             `json:"-"`        // this run went on where another stopped
	Elapsed  time.Duration    `json:"-"`        // of this run
}

// Sizes of a batch: what one transaction stores.
const (
	batchOrders = 200
	batchRows   = 2000
)

// Import stores the orders of a source in batches, each one transaction that
// also stores how far it came: an import that dies goes on with Resume, and
// importing again what is stored changes nothing. An order is stored whole or
// rejected. Memory does not grow with the data. An error means that the source
// could not be read or the store not written; what was committed stays.
func (s *Service) Import(ctx context.Context, store *db.DB, by actor.Actor, src Source, o ImportOptions) (ImportSummary, error) {
	started := time.Now()
	fingerprint, err := src.Fingerprint()
	if err != nil {
		return ImportSummary{}, fmt.Errorf("import %s: %w", src.Name(), err)
	}
	im := &importer{service: s, store: store, by: by, src: src, o: o, key: importKey{by.Tenant, src.Name(), fingerprint}}
	if err := im.begin(ctx); err != nil {
		return ImportSummary{}, fmt.Errorf("import %s: %w", src.Name(), err)
	}
	err = im.run(ctx)
	if err == nil {
		err = im.finish(ctx)
	}
	im.summary.Elapsed = time.Since(started)
	if err != nil {
		return im.summary, fmt.Errorf("import %s: %w", src.Name(), err)
	}
	return im.summary, nil
}

type importKey struct{ tenant, source, fingerprint string }

type importer struct {
	turn    time.Time // when it last let others write
	service *Service
	store   *db.DB
	by      actor.Actor
	src     Source
	o       ImportOptions
	key     importKey
	from    Position
	summary ImportSummary
}

// begin finds or makes the row that remembers this import.
func (im *importer) begin(ctx context.Context) error {
	return im.store.Write(ctx, func(tx *db.Tx) error {
		im.from, im.summary = Position{}, ImportSummary{Reasons: map[string]int64{}}
		state, position, summary, err := findImport(ctx, tx, im.key)
		if err != nil {
			return err
		}
		if im.o.Resume && state == "running" {
			im.summary.Resumed = true
			return errors.Join(json.Unmarshal([]byte(position), &im.from), json.Unmarshal([]byte(summary), &im.summary))
		}
		return resetImport(ctx, tx, im.key)
	})
}

// run reads ahead in one goroutine and writes in this one.
func (im *importer) run(ctx context.Context) error {
	reading, cancel := context.WithCancel(ctx)
	batches := make(chan *batch, 2)
	done := make(chan error, 1)
	go func() {
		defer close(batches)
		done <- im.read(reading, batches)
	}()
	var err error
	for b := range batches {
		if err == nil {
			err = im.write(ctx, b)
		}
		if err != nil {
			cancel() // and read what is left in the channel
		}
	}
	cancel()
	if e := <-done; err == nil {
		err = e
	}
	if ctx.Err() != nil {
		return ctx.Err() // whatever else was the consequence
	}
	return err
}

// batch is what one transaction stores.
type batch struct {
	items []work
	rows  int
	next  Position
	read  int64
}

// work is an item made ready, with what the reading found wrong with it.
type work struct {
	draft    *prepared
	returns  []SourceReturn
	rejected []Rejected
	file     string
	line     int64
}

func (im *importer) read(ctx context.Context, out chan<- *batch) error {
	c := newChecker(im.store.Now())
	b := &batch{}
	for item, err := range im.src.Items(ctx, im.from) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		w := ready(c, im.src.Name(), item)
		b.items = append(b.items, w)
		b.rows += len(w.returns) + len(w.rejected)
		if w.draft != nil {
			b.rows += len(w.draft.order.Lines)
		}
		b.next, b.read = item.Next, item.Read
		if len(b.items) >= batchOrders || b.rows >= batchRows {
			out <- b
			b = &batch{}
		}
	}
	if len(b.items) > 0 {
		out <- b
	}
	return ctx.Err()
}

func ready(c *checker, source string, item Item) work {
	w := work{returns: item.Returns, rejected: item.Rejected, file: item.File, line: item.Line}
	if item.Draft == nil {
		return w
	}
	item.Draft.Source = source
	draft, problem := prepare(c, *item.Draft)
	if problem != nil {
		w.rejected = append(w.rejected, Rejected{File: item.File, Line: item.Line, Order: item.Draft.Number, Field: problem.Field, Reason: problem.Reason, Value: problem.Value})
	}
	w.draft = draft
	return w
}

func (im *importer) write(ctx context.Context, b *batch) error {
	var after ImportSummary
	err := im.store.Write(ctx, func(tx *db.Tx) error {
		run := &batchRun{importer: im, tx: tx, terms: map[string]Terms{}, customers: map[customer.Draft]string{}, numbers: map[string]string{}}
		run.sum = im.summary
		run.sum.Reasons = maps.Clone(im.summary.Reasons)
		if err := run.all(ctx, b); err != nil {
			return err
		}
		after = run.sum
		position, err := json.Marshal(b.next)
		if err != nil {
			return err
		}
		summary, err := json.Marshal(after)
		if err != nil {
			return err
		}
		return saveImport(ctx, tx, im.key, "running", string(position), string(summary))
	})
	if err != nil {
		return err
	}
	im.summary = after
	im.yield(ctx)
	if im.o.Progress != nil {
		im.o.Progress(ImportState{Read: b.read, Total: im.src.Size(), ImportSummary: after})
	}
	return nil
}

// SQLite has one write lock for all processes, and those that wait for it look
// again at most every tenth of a second. An import that ran without a pause
// would keep a running server from writing.
const (
	turn  = time.Second
	pause = 110 * time.Millisecond
)

// yield lets other processes write once in a while.
func (im *importer) yield(ctx context.Context) {
	if im.store.Engine() != db.SQLite || time.Since(im.turn) < turn {
		return
	}
	select {
	case <-time.After(pause):
	case <-ctx.Done():
	}
	im.turn = time.Now()
}

// finish marks the import as done and writes the report.
func (im *importer) finish(ctx context.Context) error {
	err := im.store.Write(ctx, func(tx *db.Tx) error { return endImport(ctx, tx, im.key) })
	if err != nil || im.o.Report == nil {
		return err
	}
	out := json.NewEncoder(im.o.Report)
	out.SetEscapeHTML(false)
	for seq := int64(0); ; {
		var rows []Rejected
		err := im.store.Read(ctx, func(tx *db.Tx) (err error) {
			rows, err = rejectedAfter(ctx, tx, im.key, seq, 500)
			return err
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		for i := range rows {
			if err := out.Encode(&rows[i]); err != nil {
				return fmt.Errorf("report: %w", err)
			}
		}
		seq += int64(len(rows))
	}
}
