package secret

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"github.com/aftercare/aftercare/base/fault"
)

// ErrBusy refuses to hash when too many passwords already wait, so that a flood
// of sign-ins cannot take all memory.
var ErrBusy = fault.New(fault.Busy, "secret.busy", "Too many people are signing in at this moment. Try again shortly.")

// Cost is what one Argon2id hash takes. The zero value is OWASP's
// recommendation: 19 MiB, two passes, one lane.
type Cost struct {
	Memory uint32 // KiB
	Passes uint32
	Lanes  uint8
}

const (
	atOnce  = 4  // hashes under way: 76 MiB at OWASP's cost
	waiting = 64 // callers that wait for a turn
	salt    = 16
	length  = 32
)

// Limits of what a stored hash may ask for, so that a planted row cannot
// exhaust the machine.
const (
	maxMemory = 256 << 10
	maxPasses = 16
	maxLanes  = 8
)

// Passwords hashes and checks passwords. It is safe for concurrent use and
// works on a bounded number at once.
type Passwords struct {
	cost  Cost
	turn  chan struct{}
	queue chan struct{}
}

// NewPasswords makes a hasher; tests pass a small cost.
func NewPasswords(c Cost) *Passwords {
	if c == (Cost{}) {
		c = Cost{Memory: 19 << 10, Passes: 2, Lanes: 1}
	}
	return &Passwords{cost: c, turn: make(chan struct{}, atOnce), queue: make(chan struct{}, atOnce+waiting)}
}

// Hash returns the PHC string of a password under a fresh salt. It fails with
// ErrBusy under a flood, or when ctx ends before its turn.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if err := p.enter(ctx); err != nil {
		return "", err
	}
	defer p.leave()
	var s [salt]byte
	_, _ = rand.Read(s[:]) // crypto/rand never fails; it ends the process instead
	sum := argon2.IDKey([]byte(password), s[:], p.cost.Passes, p.cost.Memory, p.cost.Lanes, length)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.cost.Memory, p.cost.Passes, p.cost.Lanes,
		base64.RawStdEncoding.EncodeToString(s[:]), base64.RawStdEncoding.EncodeToString(sum)), nil
}

// Verify tells whether a password is the one of a stored PHC string. With an
// empty string it does the same work and answers no, so that an account that
// does not exist takes as long as one that does.
func (p *Passwords) Verify(ctx context.Context, phc, password string) (bool, error) {
	exists := phc != ""
	cost, s, want := p.cost, make([]byte, salt), make([]byte, length)
	if exists {
		var err error
		if cost, s, want, err = parse(phc); err != nil {
			return false, err
		}
	}
	if err := p.enter(ctx); err != nil {
		return false, err
	}
	defer p.leave()
	got := argon2.IDKey([]byte(password), s, cost.Passes, cost.Memory, cost.Lanes, uint32(len(want)))
	return Equal(string(got), string(want)) && exists, nil
}

func (p *Passwords) enter(ctx context.Context) error {
	select {
	case p.queue <- struct{}{}:
	default:
		return ErrBusy
	}
	select {
	case p.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		<-p.queue
		return fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
}

func (p *Passwords) leave() { <-p.turn; <-p.queue }

func parse(phc string) (c Cost, s, sum []byte, err error) {
	wrong := fmt.Errorf("stored password hash is not one of ours")
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, wrong
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Passes, &c.Lanes); err != nil {
		return c, nil, nil, wrong
	}
	if c.Memory == 0 || c.Memory > maxMemory || c.Passes == 0 || c.Passes > maxPasses || c.Lanes == 0 || c.Lanes > maxLanes {
		return c, nil, nil, wrong
	}
	s, err = base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil || len(s) < 8 {
		return c, nil, nil, wrong
	}
	sum, err = base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(sum) < 16 {
		return c, nil, nil, wrong
	}
	return c, s, sum, nil
}
