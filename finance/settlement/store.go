package settlement

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "settlement", FS: files}

const columns = `tenant, id, case_id, order_id, purpose, tender, kind, label, provider, reference, provider_ref,
	state, last_error, amount, currency, attempts, generation, unsure, account, version, created_at, updated_at`

func scan(row db.Scanner) (p Payout, err error) {
	var created, updated int64
	err = row.Scan(&p.Tenant, &p.ID, &p.Case, &p.Order, &p.Purpose, &p.Tender, &p.Kind, &p.Label, &p.Provider, &p.Reference, &p.ProviderRef,
		&p.State, &p.LastError, &p.Amount, &p.Currency, &p.Attempts, &p.Generation, &p.Unsure, &p.Account, &p.Version, &created, &updated)
	p.CreatedAt, p.UpdatedAt = db.Time(created), db.Time(updated)
	return p, err
}

// insert adds new payouts of one case. It tells for each that was not there yet
// whether a chargeback is open on its payment.
func insert(ctx context.Context, tx *db.Tx, all []Payout) (blocked map[string]bool, err error) {
	const width = 17
	rows := make([]string, len(all))
	args := make([]any, 0, width*len(all))
	for i, p := range all {
		at := db.Millis(p.CreatedAt)
		rows[i] = "(" + db.Placeholders(i*width+1, width) + ")"
		args = append(args, p.Tenant, p.ID, p.Case, p.Order, p.Purpose, p.Tender, p.Kind, p.Label, p.Provider, p.Reference,
			string(p.State), p.Amount, p.Currency, p.Account, p.Version, at, at)
	}
	type inserted struct {
		id      string
		blocked bool
	}
	fresh, err := db.List(ctx, tx, func(row db.Scanner) (i inserted, err error) {
		err = row.Scan(&i.id, &i.blocked)
		return i, err
	}, `
		insert into settlement_payout (tenant, id, case_id, order_id, purpose, tender, kind, label, provider, reference,
			state, amount, currency, account, version, created_at, updated_at)
		values `+strings.Join(rows, ", ")+`
		on conflict do nothing
		returning id, `+isBlocked, args...)
	blocked = make(map[string]bool, len(fresh))
	for _, i := range fresh {
		blocked[i.id] = i.blocked
	}
	return blocked, err
}

// isBlocked says of a payout whether a chargeback is open on its payment.
const isBlocked = `exists(select 1 from settlement_chargeback c where c.state = 'open' and ` + concerns + `)`

// expect adds to the number of payouts that a case has to see succeed.
func expect(ctx context.Context, tx *db.Tx, tenant, caseID string, n int) error {
	_, err := tx.Exec(ctx, `
		insert into settlement_case (tenant, case_id, payouts)
		values ($1, $2, $3)
		on conflict (tenant, case_id) do update set payouts = settlement_case.payouts + excluded.payouts`, tenant, caseID, n)
	return err
}

// count adds one success to a case and tells how many are still open. The row
// is the lock that lets exactly one of two payouts be the last.
func count(ctx context.Context, tx *db.Tx, tenant, caseID string) (open int64, err error) {
	err = tx.QueryRow(ctx, `
		update settlement_case set succeeded = succeeded + 1
		where tenant = $1 and case_id = $2
		returning payouts - succeeded`, tenant, caseID).Scan(&open)
	return open, err
}

// update saves what may change, if nobody changed the payout since it was read.
func update(ctx context.Context, tx *db.Tx, p *Payout) error {
	p.UpdatedAt = tx.Now
	n, err := tx.Exec(ctx, `
		update settlement_payout set state = $1, provider_ref = $2, last_error = $3, attempts = $4, unsure = $5, updated_at = $6, version = version + 1
		where tenant = $7 and id = $8 and version = $9`,
		string(p.State), p.ProviderRef, p.LastError, p.Attempts, p.Unsure, db.Millis(p.UpdatedAt), p.Tenant, p.ID, p.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrStale
	}
	p.Version++
	return nil
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (Payout, error) {
	p, err := scan(tx.QueryRow(ctx, `select `+columns+` from settlement_payout where tenant = $1 and id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Payout{}, ErrUnknown
	}
	return p, err
}

// retarget saves the means of payment of a payout, which its redirection changes.
func retarget(ctx context.Context, tx *db.Tx, p Payout) error {
	_, err := tx.Exec(ctx, `
		update settlement_payout set kind = $1, provider = $2, reference = $3, label = $4, generation = $5, account = $6
		where tenant = $7 and id = $8`, p.Kind, p.Provider, p.Reference, p.Label, p.Generation, p.Account, p.Tenant, p.ID)
	return err
}

// toSend reads a payout and how chargebacks on its payment stand.
func toSend(ctx context.Context, tx *db.Tx, tenant, id string) (p Payout, against Standing, err error) {
	p, err = scan(with{tx.QueryRow(ctx, `
		select `+columns+`, coalesce((select max(c.state) from settlement_chargeback c where `+concerns+`), '')
		from settlement_payout where tenant = $1 and id = $2`, tenant, id), &against})
	if errors.Is(err, sql.ErrNoRows) {
		return Payout{}, "", ErrUnknown
	}
	return p, against, err
}

// with reads one more column behind those of a payout.
type with struct {
	db.Scanner
	more any
}

func (w with) Scan(dest ...any) error { return w.Scanner.Scan(append(dest, w.more)...) }

func byOrder(ctx context.Context, tx *db.Tx, tenant, order string) ([]Payout, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from settlement_payout
		where tenant = $1 and order_id = $2
		order by created_at, purpose, tender`, tenant, order)
}

func byCase(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Payout, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from settlement_payout
		where tenant = $1 and case_id = $2
		order by created_at, purpose, tender`, tenant, caseID)
}

func casesByID(ctx context.Context, tx *db.Tx, tenant string, ids []string) (map[string]string, error) {
	return db.Pairs(ctx, tx, `select id, case_id from settlement_payout where tenant = $1 and id in`, tenant, ids)
}

func byCases(ctx context.Context, tx *db.Tx, tenant string, caseIDs []string) (map[string][]Payout, error) {
	all := make(map[string][]Payout, len(caseIDs))
	for some := range slices.Chunk(caseIDs, 200) {
		args := []any{tenant}
		for _, id := range some {
			args = append(args, id)
		}
		found, err := db.List(ctx, tx, scan, `
			select `+columns+` from settlement_payout
			where tenant = $1 and case_id in (`+db.Placeholders(2, len(some))+`)
			order by created_at, purpose, tender`, args...)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			all[p.Case] = append(all[p.Case], p)
		}
	}
	return all, nil
}

// page lists payouts newest first, before an id; any state when state is empty.
func page(ctx context.Context, tx *db.Tx, tenant string, state State, before string, limit int) ([]Payout, error) {
	if before == "" {
		before = "q" // after every id, which begin with "payout", in any collation
	}
	if state == "" {
		return db.List(ctx, tx, scan, `
			select `+columns+` from settlement_payout
			where tenant = $1 and id < $2
			order by id desc limit $3`, tenant, before, limit)
	}
	query := `
		select ` + columns + ` from settlement_payout
		where tenant = $1 and state = $2 and id < $3`
	if state != Succeeded {
		query += ` and state <> 'succeeded'` // lets the index of open payouts serve
	}
	return db.List(ctx, tx, scan, query+` order by id desc limit $4`, tenant, string(state), before, limit)
}
