package presence

import (
	"context"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/live"
)

// Service is the verbs.
type Service struct {
	Store *db.DB
	Live  *live.Hub // tells other screens at once; without it they ask
}

// Stream is what a whisper about seats is about; its subject is the case.
const Stream = "presence"

// Sit takes, renews or leaves the seat of one page at a case that the actor may
// see, and tells who else is there. changed says whether others see something
// new.
func Sit(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, page string, doing Doing) (others []Seat, changed bool, err error) {
	if doing != Gone && !slices.Contains(loudness, doing) {
		return nil, false, ErrInvalid.At("doing", string(doing)+" is not known", "looking, writing, acting, gone")
	}
	if _, err := cases.ByID(ctx, tx, by, caseID); err != nil {
		return nil, false, err
	}
	if err := sweep(ctx, tx, by.Tenant); err != nil {
		return nil, false, err
	}
	before, err := doingOf(ctx, tx, by.Tenant, caseID, by.ID, page)
	if err != nil {
		return nil, false, err
	}
	if doing == Gone {
		err = leave(ctx, tx, by.Tenant, caseID, by.ID, page)
	} else {
		err = sit(ctx, tx, by, caseID, page, doing)
	}
	if err != nil {
		return nil, false, err
	}
	others, err = besides(ctx, tx, by, caseID)
	return others, before != doing && !(before == "" && doing == Gone), err
}

func besides(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) ([]Seat, error) {
	all, err := seats(ctx, tx, by.Tenant, caseID)
	if err != nil {
		return nil, err
	}
	merged := []Seat{}
	for _, s := range all {
		if s.Person == by.ID {
			continue
		}
		at := slices.IndexFunc(merged, func(m Seat) bool { return m.Person == s.Person })
		if at < 0 {
			merged = append(merged, s)
			continue
		}
		if slices.Index(loudness, s.Doing) > slices.Index(loudness, merged[at].Doing) {
			merged[at].Doing = s.Doing
		}
	}
	return merged, nil
}
