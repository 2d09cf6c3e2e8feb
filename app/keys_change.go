package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/secret"
)

var (
	ErrKeyChanged = fault.New(fault.Conflict, "secret.changed", "Somebody else has just changed the master key. Look again.")
	ErrNoMaster   = fault.New(fault.Missing, "secret.no_key", "No such master key wrote here before.")
	ErrKeyUsed    = fault.New(fault.Conflict, "secret.key_used", "Something still needs this master key.")
)

// MasterRotated says that another master key writes from now on.
type MasterRotated struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Type is described at Fact.
func (MasterRotated) Type() string { return "secret.rotated" }

// MasterDropped says that a master key is not needed any more.
type MasterDropped struct {
	Key string `json:"key"`
}

// Type is described at Fact.
func (MasterDropped) Type() string { return "secret.dropped" }

func aboutMaster(id string) event.About { return event.About{Stream: "secret", Subject: id} }

// RotateKeys lets another master key write: a fresh one, or the one that was
// prepared. What the old one sealed is sealed again by jobs; until then it reads.
// Cut off at any point, it can be called again.
func (h *House) RotateKeys(ctx context.Context, by actor.Actor) (id string, err error) {
	writes, past, err := h.masters(ctx)
	if err != nil {
		return "", err
	}
	used := []string{writes}
	for _, p := range past {
		used = append(used, p.ID)
	}
	if id, err = h.Keys.Fresh(used); err != nil {
		return "", err
	}
	queue := job.NewQueue(h.DB, h.Log)
	err = h.DB.Write(ctx, func(tx *db.Tx) error {
		moved, err := replaceName(ctx, tx, masterName, writes, id)
		if err != nil {
			return err
		}
		if !moved {
			return ErrKeyChanged
		}
		for _, p := range append(past, pastKey{ID: writes, Until: tx.Now}) {
			if p.Kept, err = h.Keys.Keep(id, p.ID, keptPurposes); err != nil {
				return fmt.Errorf("keep what is needed of master key %s: %w", p.ID, err)
			}
			if err := savePast(ctx, tx, p); err != nil {
				return err
			}
		}
		if err := resealLater(ctx, tx, queue, resealArgs{}); err != nil {
			return err
		}
		return event.Append(ctx, tx, by, aboutMaster(id), MasterRotated{writes, id})
	})
	if err != nil {
		return "", err
	}
	return id, h.DB.Read(ctx, func(tx *db.Tx) error { return ArrangeKeys(ctx, tx, h.Keys) })
}

func (h *House) masters(ctx context.Context) (writes string, past []pastKey, err error) {
	err = h.DB.Read(ctx, func(tx *db.Tx) (err error) { writes, past, err = masters(ctx, tx); return err })
	return writes, past, err
}

// MasterKey is what an operator sees of a master key.
type MasterKey struct {
	ID      string           `json:"id"`
	Writes  bool             `json:"writes"`
	AtHand  bool             `json:"at_hand"`
	Until   time.Time        `json:"until,omitzero"`   // when it wrote no more
	Dropped time.Time        `json:"dropped,omitzero"` // when it was given up
	Values  map[string]int64 `json:"values"`           // sealed with it, by where they are
	Links   time.Time        `json:"links,omitzero"`   // until when links in messages may be signed with it
}

// Sealed counts the values that were sealed with a key.
func (m MasterKey) Sealed() (n int64) {
	for _, count := range m.Values {
		n += count
	}
	return n
}

// State is what a key does at an instant, in a word or two.
func (m MasterKey) State(now time.Time) string {
	switch {
	case m.Writes:
		return "writes"
	case !m.AtHand && m.Sealed() > 0:
		return "missing"
	case !m.AtHand:
		return "dropped"
	case m.Until.IsZero():
		return "prepared"
	case m.Sealed() > 0:
		return "reads"
	case now.Before(m.Links):
		return "reads links until " + m.Links.Format("2006-01-02")
	}
	return "not needed"
}

// MasterKeys lists the master keys of an installation, the one that writes first,
// with what needs each.
func MasterKeys(ctx context.Context, tx *db.Tx, keys *secret.Keys) ([]MasterKey, error) {
	writes, past, err := masters(ctx, tx)
	if err != nil || writes == "" {
		return nil, err
	}
	hand := keys.AtHand()
	all := []MasterKey{{ID: writes, Writes: true}}
	for _, p := range past {
		all = append(all, MasterKey{ID: p.ID, Until: p.Until, Dropped: p.Dropped, Links: p.Until.Add(proof.LinkLife)})
	}
	for _, id := range hand {
		if !slices.ContainsFunc(all, func(m MasterKey) bool { return m.ID == id }) {
			all = append(all, MasterKey{ID: id})
		}
	}
	for i := range all {
		all[i].AtHand, all[i].Values = slices.Contains(hand, all[i].ID), map[string]int64{}
	}
	for _, v := range Vaults() {
		counts, err := v.Count(ctx, tx, keys)
		if err != nil {
			return nil, err
		}
		for _, id := range slices.Sorted(maps.Keys(counts)) {
			at := slices.IndexFunc(all, func(m MasterKey) bool { return m.ID == id })
			if at < 0 {
				all, at = append(all, MasterKey{ID: id, Values: map[string]int64{}}), len(all)
			}
			all[at].Values[v.Name] += counts[id]
		}
	}
	return all, nil
}

// DropKey gives up a master key that wrote before: its file goes; where keys come
// from the configuration a person removes it there. It fails with ErrNoMaster, and
// with ErrKeyUsed while values are sealed with it, or, unless now is set, links in
// messages may still be signed with it.
func (h *House) DropKey(ctx context.Context, by actor.Actor, id string, now bool) error {
	err := h.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := MasterKeys(ctx, tx, h.Keys)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(m MasterKey) bool { return m.ID == id && !m.Until.IsZero() })
		if at < 0 {
			return ErrNoMaster
		}
		if n := all[at].Sealed(); n > 0 {
			return ErrKeyUsed.With("values", n)
		}
		if tx.Now.Before(all[at].Links) && !now {
			return ErrKeyUsed.With("links_until", all[at].Links)
		}
		if !all[at].Dropped.IsZero() { // cut off before its file was gone
			return nil
		}
		_, past, err := masters(ctx, tx)
		if err != nil {
			return err
		}
		p := past[slices.IndexFunc(past, func(p pastKey) bool { return p.ID == id })]
		p.Dropped = tx.Now
		if err := savePast(ctx, tx, p); err != nil {
			return err
		}
		return event.Append(ctx, tx, by, aboutMaster(id), MasterDropped{id})
	})
	if err == nil {
		err = h.DB.Read(ctx, func(tx *db.Tx) error { return ArrangeKeys(ctx, tx, h.Keys) })
	}
	if err != nil {
		return err
	}
	return h.Keys.Drop(id)
}

// resealArgs is where sealing again goes on.
type resealArgs struct {
	Vault  int    `json:"vault"`
	Tenant string `json:"tenant"`
	ID     string `json:"id"`
}

const (
	resealKind = "secret.reseal"
	sweepKind  = "secret.sweep"
	sweepEvery = 10 * time.Minute
)

func resealLater(ctx context.Context, tx *db.Tx, queue *job.Queue, from resealArgs) error {
	return queue.Enqueue(ctx, tx, job.New{Tenant: "system", Kind: resealKind, Key: "reseal", Args: from, MaxAttempts: 1_000})
}

// keyJobs registers the sealing again of what an older master key has sealed: a
// batch per job, each in one transaction with where the next begins, so that a
// process that is killed costs nothing. A sweep finds what a process wrote that
// did not know of the new key yet.
func (h *House) keyJobs(queue *job.Queue) {
	queue.Handle(resealKind, func(ctx context.Context, tx *db.Tx, j job.Job) error {
		var at resealArgs
		if err := json.Unmarshal(j.Args, &at); err != nil {
			return job.Dead(err)
		}
		vaults := Vaults()
		if at.Vault >= len(vaults) {
			return nil
		}
		if err := ArrangeKeys(ctx, tx, h.Keys); err != nil {
			return err
		}
		b, err := vaults[at.Vault].Reseal(ctx, tx, h.Keys, at.Tenant, at.ID)
		if err != nil {
			return err
		}
		for _, stuck := range b.Stuck {
			h.Log.ErrorContext(ctx, "a sealed value cannot be opened", "err", stuck)
		}
		if b.Done > 0 {
			h.Log.InfoContext(ctx, "values sealed with the new master key", "where", vaults[at.Vault].Name, "count", b.Done)
		}
		if at.Tenant, at.ID = b.Tenant, b.ID; b.End {
			at = resealArgs{Vault: at.Vault + 1}
		}
		if at.Vault == len(vaults) {
			return nil
		}
		return resealLater(ctx, tx, queue, at)
	})
	queue.Handle(sweepKind, func(ctx context.Context, tx *db.Tx, _ job.Job) error {
		if _, past, err := masters(ctx, tx); err != nil || len(past) == 0 {
			return err
		}
		all, err := MasterKeys(ctx, tx, h.Keys)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(all, func(m MasterKey) bool { return !m.Writes && m.AtHand && m.Sealed() > 0 }) {
			return resealLater(ctx, tx, queue, resealArgs{})
		}
		return nil
	})
	queue.Every(sweepKind, sweepEvery)
}
