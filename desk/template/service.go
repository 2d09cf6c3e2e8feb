package template

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

// Service keeps words and shows what becomes of them.
type Service struct {
	Queue   *job.Queue
	Notices *notice.Service
}

// Words fits notice.Service.Words.
func (s *Service) Words(ctx context.Context, tx *db.Tx, tenant, kind, lang string) (notice.Words, bool, error) {
	t, err := latest(ctx, tx, tenant, kind, lang)
	return notice.Words{Subject: t.Subject, Body: t.Body}, t.Own, err
}

func known(kind, language string) error {
	if !slices.Contains(notice.Kinds(), kind) || !slices.Contains(notice.LanguagesOf(kind), language) {
		return ErrUnknown
	}
	return nil
}

// Current are the words in use: the shop's own, or the standard ones.
func Current(ctx context.Context, tx *db.Tx, by actor.Actor, kind, language string) (Text, error) {
	if err := known(kind, language); err != nil {
		return Text{}, err
	}
	t, err := latest(ctx, tx, by.Tenant, kind, language)
	if !t.Own {
		w := notice.Standard(kind, language)
		t.Subject, t.Body = w.Subject, w.Body
	}
	return t, err
}

// Save makes words the shop's own; version is the one that was read.
func (s *Service) Save(ctx context.Context, tx *db.Tx, by actor.Actor, kind, language string, version int64, w notice.Words) (Text, error) {
	if err := check(w.Subject, w.Body, notice.VariablesOf(kind)); err != nil {
		return Text{}, err
	}
	return s.put(ctx, tx, by, Text{Kind: kind, Language: language, Version: version, Own: true, Subject: w.Subject, Body: w.Body})
}

// Reset goes back to the words that every shop starts with.
func (s *Service) Reset(ctx context.Context, tx *db.Tx, by actor.Actor, kind, language string, version int64) (Text, error) {
	return s.put(ctx, tx, by, Text{Kind: kind, Language: language, Version: version})
}

// Restore makes an earlier version the newest.
func (s *Service) Restore(ctx context.Context, tx *db.Tx, by actor.Actor, kind, language string, version, earlier int64) (Text, error) {
	t, err := versionOf(ctx, tx, by.Tenant, kind, language, earlier)
	if err != nil {
		return t, err
	}
	t.Version = version
	return s.put(ctx, tx, by, t)
}

func (s *Service) put(ctx context.Context, tx *db.Tx, by actor.Actor, t Text) (Text, error) {
	if err := known(t.Kind, t.Language); err != nil {
		return t, err
	}
	now, err := latest(ctx, tx, by.Tenant, t.Kind, t.Language)
	if err != nil {
		return t, err
	}
	if now.Version != t.Version {
		return t, ErrStale
	}
	t.Version, t.By, t.At = now.Version+1, by.Name, tx.Now
	if err := insert(ctx, tx, by.Tenant, t); err != nil {
		return t, err
	}
	return t, event.Append(ctx, tx, by, event.About{Stream: "template", Subject: t.Kind + "." + t.Language, Version: t.Version}, Saved{t.Kind, t.Language, t.Own})
}

// Preview fills words in from a case that the actor may see.
func (s *Service) Preview(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, kind, language string, w notice.Words) (notice.Envelope, error) {
	if err := known(kind, language); err != nil {
		return notice.Envelope{}, err
	}
	if err := check(w.Subject, w.Body, notice.VariablesOf(kind)); err != nil {
		return notice.Envelope{}, err
	}
	return s.Notices.Preview(ctx, tx, by, caseID, kind, language, w)
}

const testKind = "template.test"

// Test sends a preview to whoever asks, and to nobody else.
func (s *Service) Test(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, kind, language string, w notice.Words) (string, error) {
	if s.Notices.Send == nil {
		return "", ErrOff
	}
	if by.Kind != actor.Staff {
		return "", ErrNobody
	}
	who, err := account.ByID(ctx, tx, by.Tenant, by.ID)
	if err != nil {
		return "", err
	}
	e, err := s.Preview(ctx, tx, by, caseID, kind, language, w)
	if err != nil {
		return "", err
	}
	e.Key, e.To = id.New("test"), who.Email
	return who.Email, s.Queue.Enqueue(ctx, tx, job.New{Tenant: by.Tenant, Kind: testKind, Key: e.Key, Args: e, MaxAttempts: 5})
}

// Jobs registers the sending of tests.
func (s *Service) Jobs(q *job.Queue) {
	q.HandleOutside(testKind, func(ctx context.Context, j job.Job) error {
		var e notice.Envelope
		if err := json.Unmarshal(j.Args, &e); err != nil {
			return job.Dead(err)
		}
		return s.Notices.Send(ctx, e)
	})
}
