package reads

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

const (
	mostWaiting = 10_000      // reads in memory; what comes then is counted as lost
	writeEvery  = time.Second // what a killed process can lose
	perBatch    = 200         // reads of one announcement
	onceIn      = time.Minute // the same read again counts once
)

// Log notes reads. Note never waits; Run writes what was noted.
type Log struct {
	Store *db.DB
	Log   *slog.Logger
	// Whose tells which customer a thing is about; empty: nobody in particular.
	Whose func(ctx context.Context, tx *db.Tx, tenant, what, subject string) (string, error)
	// Names finds the cases and orders that were read, or belong to what was.
	Names audit.Names

	mu      sync.Mutex
	waiting []Read
	lost    map[string]int64   // by tenant
	lists   map[[4]string]int  // where lists are in waiting
	seen    map[[4]string]bool // since turned
	turned  time.Time
}

// Note remembers that somebody reads something. It is written within a second or
// so; a process that is killed before loses it.
func (l *Log) Note(by actor.Actor, what, subject string) { l.NoteList(by, what, subject, "", 0) }

// NoteList remembers that somebody reads a list, or takes one, and how many
// things of a kind it told of.
func (l *Log) NoteList(by actor.Actor, what, subject, about string, told int64) {
	now := l.Store.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.turned) >= onceIn || l.seen == nil {
		l.seen, l.turned = map[[4]string]bool{}, now
	}
	key := [4]string{by.Tenant, by.ID, what, subject}
	if at, there := l.lists[key]; there {
		l.waiting[at].Told += told
		return
	}
	if l.seen[key] && told == 0 {
		return
	}
	if len(l.waiting) >= mostWaiting {
		if l.lost == nil {
			l.lost = map[string]int64{}
		}
		l.lost[by.Tenant]++
		return
	}
	l.seen[key] = true
	if about != "" {
		if l.lists == nil {
			l.lists = map[[4]string]int{}
		}
		l.lists[key] = len(l.waiting)
	}
	l.waiting = append(l.waiting, Read{About: about, Told: told, Tenant: by.Tenant, ID: id.New("rd"), At: now, Kind: by.Kind, Actor: by.ID, Name: by.Name, What: what, Subject: subject})
}

// Run writes what was noted until ctx ends, and then the rest.
func (l *Log) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			rest, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			return l.Flush(rest)
		case <-time.After(writeEvery):
			if err := l.Flush(ctx); err != nil && ctx.Err() == nil {
				l.Log.WarnContext(ctx, "reads of personal data are not written yet", "err", err)
			}
		}
	}
}

// Flush writes what was noted so far. What cannot be written stays in memory.
func (l *Log) Flush(ctx context.Context) error {
	l.mu.Lock()
	all, lost := l.waiting, l.lost
	l.waiting, l.lost, l.lists = nil, nil, nil
	l.mu.Unlock()
	for tenant, n := range lost {
		all = append(all, Read{Tenant: tenant, ID: id.New("rd"), At: l.Store.Now(), Kind: actor.System, What: Lost, Subject: strconv.FormatInt(n, 10)})
	}
	byTenant := map[string][]Read{}
	for _, r := range all {
		byTenant[r.Tenant] = append(byTenant[r.Tenant], r)
	}
	for tenant, own := range byTenant {
		for len(own) > 0 {
			batch := own[:min(len(own), perBatch)]
			if err := l.write(ctx, tenant, batch); err != nil {
				l.back(byTenant)
				return fmt.Errorf("noting %d reads: %w", len(all), err)
			}
			own = own[len(batch):]
			byTenant[tenant] = own
		}
	}
	return nil
}

// back keeps what could not be written, before what came meanwhile.
func (l *Log) back(byTenant map[string][]Read) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []Read
	for _, own := range byTenant {
		all = append(all, own...)
	}
	l.waiting, l.lists = append(all, l.waiting...), nil
}

func (l *Log) write(ctx context.Context, tenant string, all []Read) error {
	return l.Store.Write(ctx, func(tx *db.Tx) error {
		there, err := known(ctx, tx, tenant, all) // a commit whose answer was lost
		if err != nil {
			return err
		}
		fresh := slices.DeleteFunc(slices.Clone(all), func(r Read) bool { return there[r.ID] })
		if len(fresh) == 0 {
			return nil
		}
		batch, fact := id.New("rdb"), NotedFact{}
		for i, r := range fresh {
			if l.Whose != nil && r.What != Export && r.What != Search && r.What != Lost {
				customer, err := l.Whose(ctx, tx, tenant, r.What, r.Subject)
				if err != nil {
					return err
				}
				r.Customer = customer
			}
			r.Batch = batch
			fresh[i] = r
			fact.Reads = append(fact.Reads, hex.EncodeToString(tx.MAC(message(r, 2))))
		}
		if err := insert(ctx, tx, fresh); err != nil {
			return err
		}
		return event.Append(ctx, tx, actor.Of(tenant), event.About{Stream: "read", Subject: batch, Version: 1}, fact)
	})
}

// message is what is committed to by a keyed hash, as docs/formats/seal.md has
// it: nobody without the installation's key can find out what it was, or make
// one that fits. Version 1 is of a time when nobody counted what lists told of.
func message(r Read, version int) []byte {
	fields := []string{r.Tenant, r.ID, strconv.FormatInt(db.Millis(r.At), 10), string(r.Kind), r.Actor, r.Name, r.What, r.Subject, r.Customer, r.Batch}
	if version > 1 {
		fields = append(fields, r.About, strconv.FormatInt(r.Told, 10))
	}
	b := fmt.Appendf(nil, "aftercare/read/%d\n", version)
	for _, field := range fields {
		b = binary.BigEndian.AppendUint32(b, uint32(len(field)))
		b = append(b, field...)
	}
	return b
}

// Check compares a batch of reads with what was sealed of it, and says what is
// wrong; empty: nothing.
func Check(ctx context.Context, tx *db.Tx, tenant, batch string, fact NotedFact) (string, error) {
	all, err := ofBatch(ctx, tx, tenant, batch)
	if err != nil {
		return "", err
	}
	there := map[string]bool{}
	for _, r := range all {
		for key := range tx.Keys() {
			there[hex.EncodeToString(tx.MACWith(key, message(r, 2)))] = true
			if r.About == "" && r.Told == 0 {
				there[hex.EncodeToString(tx.MACWith(key, message(r, 1)))] = true
			}
		}
	}
	for n, one := range fact.Reads {
		if !there[one] {
			return fmt.Sprintf("read %d of batch %s was changed or removed", n+1, batch), nil
		}
	}
	if len(all) > len(fact.Reads) {
		return fmt.Sprintf("batch %s has %d reads, and %d were sealed", batch, len(all), len(fact.Reads)), nil
	}
	return "", nil
}

// Page lists reads, the newest first.
func Page(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) ([]Read, error) {
	return page(ctx, tx, by.Tenant, f)
}

// Strange finds a read whose batch was never announced: somebody put it into the
// database. Empty: there is none.
func Strange(ctx context.Context, tx *db.Tx) (string, error) {
	for at := (batchOf{}); ; {
		some, err := batches(ctx, tx, at, 500)
		if err != nil || len(some) == 0 {
			return "", err
		}
		for _, one := range some {
			said, err := event.History(ctx, tx, one.tenant, "read", one.batch)
			if err != nil {
				return "", err
			}
			if len(said) == 0 {
				return fmt.Sprintf("batch %s of reads was never announced: it was put into the database", one.batch), nil
			}
		}
		at = some[len(some)-1]
	}
}
