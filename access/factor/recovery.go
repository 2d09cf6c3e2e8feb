package factor

import (
	"context"
	"strings"

	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

const codeLength = 16 // of an alphabet of 32 letters less what looks alike: more than 70 bits

// NewCodes makes new recovery codes, which are shown once; the old ones are
// void. It fails with ErrNone without a factor, and with session.ErrStepUp.
func (s *Service) NewCodes(ctx context.Context, tx *db.Tx, by actor.Actor) ([]string, error) {
	if err := session.Fresh(ctx, tx, by); err != nil {
		return nil, err
	}
	version, err := lock(ctx, tx, by.Tenant, by.ID)
	if err != nil {
		return nil, err
	}
	if all, err := of(ctx, tx, by.Tenant, by.ID); err != nil || len(all) == 0 {
		return nil, cmpErr(err, ErrNone)
	}
	codes, err := s.codes(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	if err := event.Append(ctx, tx, by, about(by.ID, version), CodesMade{}); err != nil {
		return nil, err
	}
	return codes, s.write(ctx, tx, by.Tenant, by.ID, "codes", "")
}

func (s *Service) codes(ctx context.Context, tx *db.Tx, by actor.Actor) ([]string, error) {
	if err := removeCodes(ctx, tx, by.Tenant, by.ID); err != nil {
		return nil, err
	}
	all := make([]string, 0, Codes)
	for range Codes {
		code := id.Readable(codeLength)
		if err := addCode(ctx, tx, by.Tenant, by.ID, s.digests(by.Tenant, by.ID, code)[0]); err != nil {
			return nil, err
		}
		all = append(all, code)
	}
	return all, nil
}

// CodePurpose names the key of the digests of recovery codes. Nobody has the
// codes to make them anew under another key, so it must be kept.
const CodePurpose = "factor.recovery"

// digests are what is stored of a code, or was under the keys before, the newest
// first. Without the installation's key nothing can be tried against it.
func (s *Service) digests(tenant, staff, code string) [][]byte {
	return s.o.Keys.MACs(CodePurpose, tenant+"/"+staff+"/"+plain(code))
}

// plain is a code as it is compared: people type hyphens, spaces and capitals.
func plain(code string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(code))
}

func (s *Service) recover(ctx context.Context, tx *db.Tx, tenant, staff, code string) (bool, error) {
	used := false
	for _, digest := range s.digests(tenant, staff, code) {
		ok, err := useCode(ctx, tx, tenant, staff, digest)
		if err != nil {
			return false, err
		}
		if used = ok; used {
			break
		}
	}
	if !used {
		return false, nil
	}
	left, err := codesLeft(ctx, tx, tenant, staff)
	if err != nil {
		return false, err
	}
	by := actor.Actor{Tenant: tenant, Kind: actor.Staff, ID: staff}
	version, err := lock(ctx, tx, tenant, staff)
	if err != nil {
		return false, err
	}
	if err := event.Append(ctx, tx, by, about(staff, version), CodeUsed{Left: left}); err != nil {
		return false, err
	}
	return true, s.write(ctx, tx, tenant, staff, "recovery", "")
}
