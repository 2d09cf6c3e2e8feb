package httpapi

import (
	"math"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/aftercare/aftercare/base/actor"
)

// sharing is how many clients' worth of requests one address may send: offices
// and phone networks put many people behind one.
const sharing = 10

// A limiter remembers that many clients twice over; the longest idle are
// forgotten, which at worst gives them a fresh allowance.
const remembered = 8192

// limiter keeps one token bucket per client in bounded memory: when the young
// generation is full it becomes the old one, and the old one goes.
type limiter struct {
	mu         sync.Mutex
	limit      rate.Limit
	burst      int
	young, old map[string]*rate.Limiter
}

// newLimiter returns nil, which limits nothing, for a rate of zero.
func newLimiter(perSecond float64, burst int) *limiter {
	if perSecond <= 0 {
		return nil
	}
	return &limiter{limit: rate.Limit(perSecond), burst: burst, young: map[string]*rate.Limiter{}}
}

// take uses one request of a client's allowance, or says how long to wait.
func (l *limiter) take(client string) (time.Duration, bool) {
	if l == nil {
		return 0, true
	}
	bucket := l.bucket(client)
	if bucket.Allow() {
		return 0, true
	}
	missing := 1 - bucket.Tokens()
	return time.Duration(missing / float64(l.limit) * float64(time.Second)), false
}

func (l *limiter) bucket(client string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, ok := l.young[client]; ok {
		return b
	}
	b, ok := l.old[client]
	if !ok {
		b = rate.NewLimiter(l.limit, l.burst)
	}
	if len(l.young) >= remembered {
		l.old, l.young = l.young, make(map[string]*rate.Limiter, remembered)
	}
	l.young[client] = b
	return b
}

func seconds(d time.Duration) int { return max(1, int(math.Ceil(d.Seconds()))) }

// caller names who is limited: a key, a session's person, else an address.
func (x *exchange) caller() string {
	if x.a.callers == nil {
		return ""
	}
	switch {
	case x.by.Kind == actor.Nobody || x.by.ID == "":
		return x.source()
	case x.by.Session != "":
		return x.by.Session
	default:
		return x.by.Tenant + " " + string(x.by.Kind) + " " + x.by.ID
	}
}

// source names the network a request comes from. One customer line has a whole
// IPv6 /64, so that counts as one.
func (x *exchange) source() string {
	if x.a.sources == nil {
		return ""
	}
	addr, err := netip.ParseAddr(x.address())
	if err != nil || addr.Is4() {
		return x.address()
	}
	prefix, _ := addr.Prefix(64)
	return prefix.String()
}

// address is the client's IP address. Behind a trusted proxy it is what the
// proxy appended last; anything before that was sent by the client.
func (x *exchange) address() string {
	if x.addr != "" {
		return x.addr
	}
	x.addr = x.r.RemoteAddr
	if host, _, err := net.SplitHostPort(x.addr); err == nil {
		x.addr = host
	}
	if x.a.o.TrustProxy {
		if forwarded := x.r.Header.Values("X-Forwarded-For"); len(forwarded) > 0 {
			all := strings.Split(forwarded[len(forwarded)-1], ",")
			if addr, err := netip.ParseAddr(strings.TrimSpace(all[len(all)-1])); err == nil {
				x.addr = addr.Unmap().String()
			}
		}
	}
	return x.addr
}
