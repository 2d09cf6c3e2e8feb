package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/connect/merchant"
	"github.com/aftercare/aftercare/connect/webhook"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/secret"
)

// The database says which master key writes, and what is known of those before.
const (
	masterName = "master_key"
	masterPast = masterName + "/"
)

// Purposes of keys that cannot be changed, and are kept of a master key that is
// dropped: what was sealed under their salts stays provable.
const (
	saltPurpose = "event/salt"
	logPurpose  = "seal/log"
	keyPurpose  = "httpapi/key" // of what was asked with an idempotency key
)

var keptPurposes = []string{saltPurpose, logPurpose, keyPurpose, factor.CodePurpose, merchant.FingerprintPurpose}

// pastKey is what is stored of a master key that wrote before.
type pastKey struct {
	ID      string    `json:"-"`
	Until   time.Time `json:"until"`            // when it wrote no more
	Kept    []byte    `json:"kept"`             // sealed with the one that writes
	Dropped time.Time `json:"dropped,omitzero"` // when it was given up
}

// Vaults are the places where sealed values are kept.
func Vaults() []secret.Vault {
	return append(webhook.Vaults(), merchant.Vault(), factor.Vault(), proof.Vault())
}

// OpenKeys reads the master keys at hand.
func OpenKeys(cfg *config.Config) (*secret.Keys, error) {
	if cfg.MasterKey != "" {
		return secret.New(cfg.MasterKeys()...)
	}
	return secret.Load(cfg.Data)
}

// salts are the keys that events and reads are committed to with.
func (h *House) salts() [][]byte { return h.Keys.All(saltPurpose) }

// claimKeys makes the key at hand that of a new database, and refuses to work on
// one that was set up with another: nothing sealed with that could be opened.
func (h *House) claimKeys(ctx context.Context) error {
	return h.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := claimName(ctx, tx, masterName, h.Keys.ID()); err != nil {
			return err
		}
		return ArrangeKeys(ctx, tx, h.Keys)
	})
}

// ArrangeKeys tells the keys at hand which of them writes. A database that has
// none yet says nothing.
func ArrangeKeys(ctx context.Context, tx *db.Tx, keys *secret.Keys) error {
	writes, past, err := masters(ctx, tx)
	if err != nil || writes == "" {
		return err
	}
	var known []secret.Past
	for _, p := range past {
		known = append(known, secret.Past{ID: p.ID, Kept: p.Kept, Dropped: !p.Dropped.IsZero()})
	}
	if err = keys.Arrange(writes, known); errors.Is(err, secret.ErrOther) {
		return fmt.Errorf("this database was set up with another master key (%s, not %s): copy %s of the installation that made it, or set master_key",
			writes, strings.Join(keys.AtHand(), " or "), filepath.Join("keys", "*.key"))
	}
	return err
}

// masters reads which master key writes and those before it, the newest first.
func masters(ctx context.Context, tx *db.Tx) (writes string, past []pastKey, err error) {
	all, err := valuesOf(ctx, tx, masterName)
	if err != nil {
		return "", nil, err
	}
	for name, value := range all {
		id, before := strings.CutPrefix(name, masterPast)
		if !before {
			continue
		}
		p := pastKey{ID: id}
		if err := json.Unmarshal([]byte(value), &p); err != nil {
			return "", nil, fmt.Errorf("master key %s: %w", id, err)
		}
		past = append(past, p)
	}
	slices.SortFunc(past, func(a, b pastKey) int { return b.Until.Compare(a.Until) })
	return all[masterName], past, nil
}

func savePast(ctx context.Context, tx *db.Tx, p pastKey) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return saveName(ctx, tx, masterPast+p.ID, string(text))
}

// followKeys notices, until ctx ends, that another process changed the master key
// or dropped one: from then on this one writes with the new one as well, and
// believes nothing of a dropped one.
func (h *House) followKeys(ctx context.Context) error {
	for seen := ""; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(keysEvery):
		}
		err := h.DB.Read(ctx, func(tx *db.Tx) error {
			writes, past, err := masters(ctx, tx)
			now := writes
			for _, p := range past {
				now += fmt.Sprint(" ", p.ID, p.Dropped.IsZero())
			}
			if err != nil || now == seen {
				return err
			}
			if err = ArrangeKeys(ctx, tx, h.Keys); err == nil {
				seen = now
			}
			return err
		})
		if err != nil && ctx.Err() == nil {
			h.Log.ErrorContext(ctx, "the master key was changed, and this process cannot follow", "err", err)
		}
	}
}

const keysEvery = 2 * time.Second
