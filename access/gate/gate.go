// Package gate says who is asking: it turns a request into an actor of one
// tenant.
//
// It owns the order in which credentials count, and the notes of when they were
// last used. It does not own the credentials (packages apikey, session,
// account) or what the actor may do (package role). Nothing in a request but
// its host chooses the tenant, and a credential of another tenant is unknown.
package gate

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/aftercare/aftercare/base/actor"
)

// Gate identifies requests. It is safe for concurrent use.
type Gate struct {
	notes chan note
	hosts sync.Map // host → shop; see shopOf
	known atomic.Int64
	keys  keys
}

// shop is what a host was found to lead to, and until when that is believed.
type shop struct {
	id    string
	until time.Time
}

// A host leads to its shop for so long without being asked again. Shops change
// their hosts rarely; everything about a person is asked each time, and about
// an API key once a second: see Recall.
const (
	hostKept  = 5 * time.Second
	mostHosts = 1000
)

// note is a use of a credential to be written down later: identifying must not
// write, because it precedes every read.
type note struct {
	tenant string
	kind   actor.Kind
	id     string // of a key, or of a session
	at     time.Time
}

// pending is how many notes wait at most; more are dropped and made again by
// the next request of the same credential.
const pending = 1024

// New makes a gate.
func New() *Gate { return &Gate{notes: make(chan note, pending)} }
