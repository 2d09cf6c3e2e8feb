package gate

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/aftercare/aftercare/access/apikey"
	"github.com/aftercare/aftercare/base/actor"
)

// An API key is believed for so long after it was read. Programs send many
// requests with one key, and reading it costs as much as a short request does.
const (
	keyKept  = time.Second
	mostKeys = 1000
)

// keys are those that were right a moment ago.
type keys struct {
	mu  sync.Mutex
	all map[sent]*kept
}

// sent is what a request carries; the secret itself is kept nowhere.
type sent struct {
	shop   string
	digest [sha256.Size]byte
}

type kept struct {
	key   apikey.Key
	by    actor.Actor
	read  time.Time
	since int64 // apikey.Revocations before it was read
}

func (g *Gate) remembered(shop, shown string, now time.Time) (actor.Actor, bool) {
	g.keys.mu.Lock()
	defer g.keys.mu.Unlock()
	k, ok := g.keys.all[sent{shop, sha256.Sum256([]byte(shown))}]
	if !ok || !k.holds(now) {
		return actor.Actor{}, false
	}
	g.use(&k.key, now)
	return k.by, true
}

// holds also refuses a time before the key was read: a clock that was set back
// must not lengthen anything.
func (k *kept) holds(now time.Time) bool {
	age := now.Sub(k.read)
	return age >= 0 && age < keyKept && k.since == apikey.Revocations() && (k.key.ExpiresAt.IsZero() || now.Before(k.key.ExpiresAt))
}

func (g *Gate) keep(shop, shown string, k apikey.Key, since int64, now time.Time) {
	g.keys.mu.Lock()
	defer g.keys.mu.Unlock()
	if g.keys.all == nil || len(g.keys.all) >= mostKeys {
		g.keys.all = map[sent]*kept{}
	}
	g.keys.all[sent{shop, sha256.Sum256([]byte(shown))}] = &kept{key: k, by: k.Actor(), read: now, since: since}
}

// use notes that a key is used, once a minute.
func (g *Gate) use(k *apikey.Key, now time.Time) {
	if k.Faint(now) {
		g.note(note{k.Tenant, actor.Key, k.ID, now})
		k.LastUsedAt = now
	}
}
