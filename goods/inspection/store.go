package inspection

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "inspection", FS: files}

// insert tells false where the case has a report.
func insert(ctx context.Context, tx *db.Tx, r Report) (bool, error) {
	lines, findings, err := encode(r)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `
		insert into inspection_report (tenant, case_id, state, lines, findings, version, received_at, graded_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict do nothing`,
		r.Tenant, r.Case, string(r.State), lines, findings, r.Version, db.Millis(r.ReceivedAt), db.Millis(r.GradedAt))
	return n == 1, err
}

func encode(r Report) (lines, findings string, err error) {
	a, err := json.Marshal(r.Lines)
	if err != nil {
		return "", "", err
	}
	if len(r.Findings) == 0 {
		return string(a), none, nil
	}
	b, err := json.Marshal(r.Findings)
	return string(a), string(b), err
}

const (
	none    = "[]"
	columns = `tenant, case_id, state, lines, findings, version, received_at, graded_at`
)

func scanReport(row db.Scanner) (r Report, err error) {
	var (
		lines, findings  string
		received, graded int64
	)
	err = row.Scan(&r.Tenant, &r.Case, &r.State, &lines, &findings, &r.Version, &received, &graded)
	if errors.Is(err, sql.ErrNoRows) {
		return Report{}, ErrUnknown
	}
	if err != nil {
		return Report{}, err
	}
	r.ReceivedAt, r.GradedAt = db.Time(received), db.Time(graded)
	if findings != none {
		if err := json.Unmarshal([]byte(findings), &r.Findings); err != nil {
			return Report{}, err
		}
	}
	return r, json.Unmarshal([]byte(lines), &r.Lines)
}

// open locks a report that is still counted, or fails with ErrReceived.
func open(ctx context.Context, tx *db.Tx, tenant, caseID string) (Report, error) {
	r, err := scanReport(tx.QueryRow(ctx, `
		update inspection_report set version = version + 1
		where tenant = $1 and case_id = $2 and state = $3
		returning `+columns, tenant, caseID, string(Counting)))
	if errors.Is(err, ErrUnknown) {
		err = ErrReceived
	}
	return r, err
}

// update writes what was counted into a report that open has locked.
func update(ctx context.Context, tx *db.Tx, r Report) error {
	lines, findings, err := encode(r)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update inspection_report set state = $1, lines = $2, findings = $3, graded_at = $4
		where tenant = $5 and case_id = $6`, string(r.State), lines, findings, db.Millis(r.GradedAt), r.Tenant, r.Case)
	return err
}

func byCase(ctx context.Context, tx *db.Tx, tenant, caseID string) (Report, error) {
	return scanReport(tx.QueryRow(ctx, `
		select `+columns+` from inspection_report where tenant = $1 and case_id = $2`, tenant, caseID))
}

// finish takes a counted report to graded. Of two at once one gets ErrUnknown,
// as does a case without report.
func finish(ctx context.Context, tx *db.Tx, tenant, caseID string) (Report, error) {
	return scanReport(tx.QueryRow(ctx, `
		update inspection_report set state = $1, version = version + 1, graded_at = $2
		where tenant = $3 and case_id = $4 and state = $5
		returning `+columns, string(Done), db.Millis(tx.Now), tenant, caseID, string(Counted)))
}

// aside gives a report and its grades another name.
func aside(ctx context.Context, tx *db.Tx, tenant, caseID, name string) error {
	n, err := tx.Exec(ctx, `update inspection_report set case_id = $1 where tenant = $2 and case_id = $3`, name, tenant, caseID)
	if err != nil || n == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `update inspection_grade set case_id = $1 where tenant = $2 and case_id = $3`, name, tenant, caseID)
	return err
}

// insertGrades writes all runs in one statement; the units of a line are
// numbered from 1 in the order of its runs.
func insertGrades(ctx context.Context, tx *db.Tx, r Report) error {
	var rows []string
	var args []any
	next := map[int]int64{}
	for _, g := range r.Grades {
		photos, err := json.Marshal(g.Photos)
		if err != nil {
			return err
		}
		reasons := []byte(none)
		if len(g.Reasons) > 0 {
			if reasons, err = json.Marshal(g.Reasons); err != nil {
				return err
			}
		}
		rows = append(rows, "("+db.Placeholders(len(args)+1, 11)+")")
		args = append(args, r.Tenant, r.Case, int64(g.Line), next[g.Line]+1, g.Count, g.Grade, string(reasons), g.Note, string(photos), g.Disposition, g.Accepted)
		next[g.Line] += g.Count
	}
	_, err := tx.Exec(ctx, `
		insert into inspection_grade (tenant, case_id, line, first, count, grade, reasons, note, photos, disposition, accepted)
		values `+strings.Join(rows, ", "), args...)
	return err
}

func grades(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Grade, error) {
	return db.List(ctx, tx, func(row db.Scanner) (g Grade, err error) {
		var reasons, photos string
		if err = row.Scan(&g.Line, &g.Count, &g.Grade, &reasons, &g.Note, &photos, &g.Disposition, &g.Accepted); err != nil {
			return g, err
		}
		if reasons != none {
			if err := json.Unmarshal([]byte(reasons), &g.Reasons); err != nil {
				return g, err
			}
		}
		return g, json.Unmarshal([]byte(photos), &g.Photos)
	}, `
		select line, count, grade, reasons, note, photos, disposition, accepted from inspection_grade
		where tenant = $1 and case_id = $2
		order by line, first`, tenant, caseID)
}
