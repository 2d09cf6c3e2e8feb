package db

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"slices"
	"sync"
	"sync/atomic"
)

// MAC authenticates a text with the installation's newest key: who can only
// write to the database cannot make it.
func (tx *Tx) MAC(text []byte) []byte { return tx.keys.now().mac(0, text) }

// Keys counts the keys that were used so far. MACWith authenticates with one of
// them, 0 the newest: what was written under an older key is checked so.
func (tx *Tx) Keys() int { return len(tx.keys.now().keys) }

// MACWith is described at Keys. A key that is not there any more gives nothing.
func (tx *Tx) MACWith(n int, text []byte) []byte {
	r := tx.keys.now()
	if n >= len(r.keys) {
		return nil
	}
	return r.mac(n, text)
}

// keyring asks for the keys at each use, and keeps what was made of them only as
// long as they are the same: of a key that is given no more nothing stays.
type keyring struct {
	ask  func() [][]byte
	made atomic.Pointer[ring]
}

// ring is keys, the newest first, and for each the authenticators that are not in
// use: to make one costs as much as a short text does.
type ring struct {
	keys [][]byte
	idle []sync.Pool
}

func (k *keyring) now() *ring {
	keys := k.ask()
	if r := k.made.Load(); r != nil && slices.EqualFunc(r.keys, keys, bytes.Equal) {
		return r
	}
	r := &ring{keys: slices.Clone(keys), idle: make([]sync.Pool, len(keys))}
	for i, key := range r.keys {
		r.idle[i].New = func() any { return hmac.New(sha256.New, key) }
	}
	k.made.Store(r)
	return r
}

func (r *ring) mac(n int, text []byte) []byte {
	h := r.idle[n].Get().(hash.Hash)
	defer r.idle[n].Put(h)
	h.Reset()
	h.Write(text)
	return h.Sum(nil)
}
