package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/aftercare/aftercare/access/reads"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal"
)

// Audit compares events, log and what was seen before, and the photos of cases
// with what was sealed of them: their rows, and with files their bytes.
func (h *House) Audit(ctx context.Context, before *seal.Seen, files bool, progress func(done, of int64)) (seal.Report, error) {
	a := seal.Audits{DB: h.DB, Before: before, Progress: progress, Turned: MasterRotated{}.Type()}
	a.Each = func(ctx context.Context, tx *db.Tx, e event.Sealed) (string, error) {
		if e.Type == (reads.NotedFact{}).Type() && !e.Gone() {
			var fact reads.NotedFact
			if err := json.Unmarshal([]byte(e.Stored), &fact); err != nil {
				return "", fmt.Errorf("event %s: %w", e.ID, err)
			}
			return reads.Check(ctx, tx, e.Tenant, e.Subject, fact)
		}
		if e.Type != (evidence.Attached{}).Type() || e.Gone() {
			return "", nil
		}
		var fact evidence.Attached
		if err := json.Unmarshal([]byte(e.Stored), &fact); err != nil {
			return "", fmt.Errorf("event %s: %w", e.ID, err)
		}
		rows, err := evidence.ByCase(ctx, tx, e.Tenant, e.Subject)
		if err != nil {
			return "", err
		}
		stored := map[string]string{}
		for _, p := range rows {
			stored[p.ID] = p.SHA256
		}
		for _, p := range fact.Photos {
			switch {
			case stored[p.ID] == "":
				return fmt.Sprintf("photo %s of case %s is gone from the database", p.ID, e.Subject), nil
			case stored[p.ID] != p.SHA256:
				return fmt.Sprintf("photo %s of case %s is another one in the database than was sealed", p.ID, e.Subject), nil
			case files:
				data, err := h.Blobs.Bytes(ctx, p.SHA256)
				if err != nil {
					return fmt.Sprintf("the file of photo %s of case %s cannot be read: %v", p.ID, e.Subject, err), nil
				}
				if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != p.SHA256 {
					return fmt.Sprintf("the file of photo %s of case %s was changed", p.ID, e.Subject), nil
				}
			}
		}
		return "", nil
	}
	a.Last = strangeRows
	return seal.Audit(ctx, a)
}

// strangeRows looks for rows that stand for something sealed, and of which no
// event speaks.
func strangeRows(ctx context.Context, tx *db.Tx) (string, error) {
	if problem, err := reads.Strange(ctx, tx); err != nil || problem != "" {
		return problem, err
	}
	for at := [2]string{}; ; {
		some, err := evidence.CasesAfter(ctx, tx, at[0], at[1], 500)
		if err != nil || len(some) == 0 {
			return "", err
		}
		for _, one := range some {
			if problem, err := strangePhoto(ctx, tx, one[0], one[1]); err != nil || problem != "" {
				return problem, err
			}
		}
		at = some[len(some)-1]
	}
}

// strangePhoto finds a file of a case that was never attached to it.
func strangePhoto(ctx context.Context, tx *db.Tx, tenantID, caseID string) (string, error) {
	rows, err := evidence.ByCase(ctx, tx, tenantID, caseID)
	if err != nil {
		return "", err
	}
	said, err := event.History(ctx, tx, tenantID, "photo", caseID)
	if err != nil {
		return "", err
	}
	attached := map[string]bool{}
	for _, e := range said {
		var fact evidence.Attached
		if e.Type != fact.Type() {
			continue
		}
		if err := json.Unmarshal(e.Data, &fact); err != nil {
			return "", fmt.Errorf("event %s: %w", e.ID, err)
		}
		for _, p := range fact.Photos {
			attached[p.ID] = true
		}
	}
	for _, p := range rows {
		if !attached[p.ID] {
			return fmt.Sprintf("photo %s of case %s is in the database, and no event says that it was attached", p.ID, caseID), nil
		}
	}
	return "", nil
}
