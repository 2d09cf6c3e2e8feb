package inspection

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "inspection", FS: files}

// insert tells false where the case has a report.
func insert(ctx context.Context, tx *db.Tx, r Report) (bool, error) {
	lines, err := json.Marshal(r.Lines)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `
		insert into inspection_report (tenant, case_id, state, lines, version, received_at, graded_at)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict do nothing`,
		r.Tenant, r.Case, string(r.State), string(lines), r.Version, db.Millis(r.ReceivedAt), db.Millis(r.GradedAt))
	return n == 1, err
}

const columns = `tenant, case_id, state, lines, version, received_at, graded_at`

func scanReport(row db.Scanner) (r Report, err error) {
	var (
		lines            string
		received, graded int64
	)
	err = row.Scan(&r.Tenant, &r.Case, &r.State, &lines, &r.Version, &received, &graded)
	if errors.Is(err, sql.ErrNoRows) {
		return Report{}, ErrUnknown
	}
	if err != nil {
		return Report{}, err
	}
	r.ReceivedAt, r.GradedAt = db.Time(received), db.Time(graded)
	return r, json.Unmarshal([]byte(lines), &r.Lines)
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
		n := len(args)
		rows = append(rows, fmt.Sprintf("($%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d)", n+1, n+2, n+3, n+4, n+5, n+6, n+7, n+8, n+9, n+10))
		args = append(args, r.Tenant, r.Case, int64(g.Line), next[g.Line]+1, g.Count, g.Grade, g.Note, string(photos), g.Disposition, g.Accepted)
		next[g.Line] += g.Count
	}
	_, err := tx.Exec(ctx, `
		insert into inspection_grade (tenant, case_id, line, first, count, grade, note, photos, disposition, accepted)
		values `+strings.Join(rows, ", "), args...)
	return err
}

func grades(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Grade, error) {
	return db.List(ctx, tx, func(row db.Scanner) (g Grade, err error) {
		var photos string
		if err = row.Scan(&g.Line, &g.Count, &g.Grade, &g.Note, &photos, &g.Disposition, &g.Accepted); err != nil {
			return g, err
		}
		return g, json.Unmarshal([]byte(photos), &g.Photos)
	}, `
		select line, count, grade, note, photos, disposition, accepted from inspection_grade
		where tenant = $1 and case_id = $2
		order by line, first`, tenant, caseID)
}
