package monitor

import (
	"context"
	"strings"

	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/seal"
)

// keyID is the number of a public key, the middle of its text.
func keyID(verifier string) string {
	_, rest, _ := strings.Cut(verifier, "+")
	number, _, _ := strings.Cut(rest, "+")
	return number
}

type keyOut struct {
	Body struct {
		ID       string `json:"id"`
		Verifier string `json:"verifier" doc:"As C2SP signed-note has it: what readers and witnesses have to learn"`
	}
}

// rotate writes files, so it is not one transaction. An open console is not
// enough for it.
func (s *Service) rotate(ctx context.Context, by actor.Actor, _ *none) (*keyOut, error) {
	if by.Tenant != s.Owner {
		return nil, ErrElsewhere
	}
	if err := s.Store.Read(ctx, func(tx *db.Tx) error { return session.Fresh(ctx, tx, by) }); err != nil {
		return nil, err
	}
	verifier, err := s.Sealed.Rotate(ctx, by)
	if err != nil {
		return nil, err
	}
	out := &keyOut{}
	out.Body.ID, out.Body.Verifier = keyID(verifier), verifier
	return out, nil
}

type retireIn struct {
	ID string `path:"id" maxLength:"64" doc:"Number of the key"`
}

func (s *Service) retire(ctx context.Context, tx *db.Tx, by actor.Actor, in *retireIn) (*struct{}, error) {
	if by.Tenant != s.Owner {
		return nil, seal.ErrNoKey // none of this shop's
	}
	if err := session.Fresh(ctx, tx, by); err != nil {
		return nil, err
	}
	known, err := seal.Keys(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, k := range known {
		if keyID(k.Verifier) == in.ID {
			return nil, seal.Retire(ctx, tx, by, k.Verifier)
		}
	}
	return nil, seal.ErrNoKey
}
