package secret

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// ErrOther says that the master key that writes is not at hand.
var ErrOther = errors.New("another master key writes here")

// errFresh says that there is no key to change to.
var errFresh = errors.New("the master keys come from the configuration: write a new one (openssl rand -hex 32) into master_key_more of every process, restart them, and try again")

// Keys are the master keys of an installation and what is derived from them. The
// zero value is not usable. It is safe for concurrent use.
type Keys struct {
	source func() ([]master, error) // reads the keys at hand again; nil: they are given
	folder string                   // where a fresh one is made; empty: nowhere

	mu      sync.RWMutex
	hand    []master            // keys at hand
	dropped map[string]bool     // names of keys that must not be used, also where a file still has them
	order   []master            // the one that writes, then those that wrote before, the newest first
	derived map[string][][]byte // by purpose, in that order
}

// master is a master key, or what was kept of one that is not at hand.
type master struct {
	id   string
	key  []byte
	kept map[string][]byte // by purpose
}

// Past is a master key that wrote before.
type Past struct {
	ID      string
	Kept    []byte // made by Keep
	Dropped bool   // it reads nothing any more, and what was kept is all there is of it
}

// New takes master keys from configuration, as a cluster does where several
// processes must hold the same ones. Each must be 32 bytes or longer, and random.
// The first writes until Arrange says otherwise.
func New(all ...[]byte) (*Keys, error) {
	k := &Keys{}
	for _, one := range all {
		if len(one) < Size {
			return nil, fmt.Errorf("master key has %d bytes, want at least %d random ones", len(one), Size)
		}
		k.hand = append(k.hand, masterOf(one))
	}
	k.set(k.hand[:1])
	return k, nil
}

func masterOf(key []byte) master {
	m := master{key: slices.Clone(key)}
	m.id = hex.EncodeToString(m.derive("fingerprint")[:idSize])
	return m
}

// derive is the key of a purpose; nil if it was not kept.
func (m master) derive(purpose string) []byte {
	if m.key == nil {
		return m.kept[purpose]
	}
	key, err := hkdf.Key(sha256.New, m.key, nil, "aftercare/1/"+purpose, Size)
	if err != nil {
		panic(err) // only for lengths that HKDF cannot give; 32 is not one
	}
	return key
}

func (k *Keys) set(order []master) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.order, k.derived = order, map[string][][]byte{}
}

// Arrange says which master key writes and which wrote before, the newest first.
// Keys are read again where one is not at hand. It fails with ErrOther when the
// one that writes is not; one that wrote before may be gone if what must be kept
// of it opens. One that was dropped is not at hand from now on.
func (k *Keys) Arrange(writes string, past []Past) error {
	k.forget(past)
	for _, p := range append([]Past{{ID: writes}}, past...) {
		if _, ok := k.at(p.ID); !ok && !p.Dropped {
			if err := k.again(); err != nil {
				return err
			}
			break
		}
	}
	first, ok := k.at(writes)
	if !ok {
		return ErrOther
	}
	order := []master{first}
	for _, p := range past {
		m, ok := k.at(p.ID)
		if !ok {
			plain, err := k.Open(keptPurpose, p.ID, p.Kept)
			if err != nil {
				return fmt.Errorf("what was kept of master key %s: %w", p.ID, err)
			}
			m = master{id: p.ID}
			if err := json.Unmarshal(plain, &m.kept); err != nil {
				return fmt.Errorf("what was kept of master key %s: %w", p.ID, err)
			}
		}
		order = append(order, m)
	}
	k.set(order)
	return nil
}

func (k *Keys) forget(past []Past) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dropped = map[string]bool{}
	for _, p := range past {
		k.dropped[p.ID] = p.Dropped
	}
	k.hand = slices.DeleteFunc(slices.Clone(k.hand), func(m master) bool { return k.dropped[m.id] })
}

// again reads the keys at hand, where they come from files.
func (k *Keys) again() error {
	if k.source == nil {
		return nil
	}
	hand, err := k.source()
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.hand = slices.DeleteFunc(hand, func(m master) bool { return k.dropped[m.id] })
	return nil
}

func (k *Keys) at(id string) (master, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	i := slices.IndexFunc(k.hand, func(m master) bool { return m.id == id })
	if i < 0 {
		return master{}, false
	}
	return k.hand[i], true
}

// readers are the keys that a value may be sealed with: the one that writes
// first, then all others at hand.
func (k *Keys) readers() []master {
	k.mu.RLock()
	defer k.mu.RUnlock()
	all := []master{k.order[0]}
	for _, m := range slices.Backward(k.hand) {
		if m.id != all[0].id {
			all = append(all, m)
		}
	}
	return all
}

// ID names the master key that writes; it tells nothing about it.
func (k *Keys) ID() string {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.order[0].id
}

// AtHand names the master keys at hand.
func (k *Keys) AtHand() []string {
	k.mu.RLock()
	defer k.mu.RUnlock()
	ids := make([]string, len(k.hand))
	for i, m := range k.hand {
		ids[i] = m.id
	}
	return ids
}

// Derive returns the 32-byte key of a purpose (HKDF with SHA-256). The same
// master key and purpose always give the same key.
func (k *Keys) Derive(purpose string) []byte { return k.All(purpose)[0] }

// All returns the keys of a purpose: that of the master key that writes, then
// those of the master keys before it, the newest first. Of master keys that are
// not at hand only what was kept is there.
func (k *Keys) All(purpose string) [][]byte {
	k.mu.RLock()
	all, ok := k.derived[purpose]
	order := k.order
	k.mu.RUnlock()
	if ok {
		return all
	}
	for _, m := range order {
		if key := m.derive(purpose); key != nil {
			all = append(all, key)
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if &k.order[0] == &order[0] { // nobody has arranged them anew, which may have dropped one
		k.derived[purpose] = all
	}
	return all
}

// MAC authenticates a text for a purpose: nobody without the master key can
// make it or guess the text from it.
func (k *Keys) MAC(purpose, text string) []byte { return mac(k.Derive(purpose), text) }

// MACs are what MAC gives for the text, or gave under the master keys before,
// the newest first.
func (k *Keys) MACs(purpose, text string) (all [][]byte) {
	for _, key := range k.All(purpose) {
		all = append(all, mac(key, text))
	}
	return all
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
