package event

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

func saveCursor(ctx context.Context, tx *db.Tx, name string, position int64) error {
	_, err := tx.Exec(ctx, `
		insert into event_cursor (name, position, updated_at) values ($1, $2, $3)
		on conflict (name) do update set position = excluded.position, updated_at = excluded.updated_at`,
		name, position, db.Millis(tx.Now))
	return err
}

// moveCursor moves it if it still is where the caller saw it.
func moveCursor(ctx context.Context, tx *db.Tx, name string, from, to int64) (bool, error) {
	n, err := tx.Exec(ctx, `
		update event_cursor set position = $1, attempts = 0, error = '', updated_at = $2
		where name = $3 and position = $4`, to, db.Millis(tx.Now), name, from)
	return n == 1, err
}

func noteFailure(ctx context.Context, tx *db.Tx, name string, position int64, message string) (attempts int, err error) {
	err = tx.QueryRow(ctx, `
		update event_cursor set attempts = attempts + 1, error = $1, updated_at = $2
		where name = $3 and position = $4
		returning attempts`, message, db.Millis(tx.Now), name, position).Scan(&attempts)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errLost
	}
	return attempts, err
}

type cursor struct {
	position int64
	attempts int
	problem  string
	at       time.Time
}

func cursorOf(ctx context.Context, tx *db.Tx, name string) (c cursor, found bool, err error) {
	var at int64
	err = tx.QueryRow(ctx, `select position, attempts, error, updated_at from event_cursor where name = $1`, name).
		Scan(&c.position, &c.attempts, &c.problem, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return cursor{}, false, nil
	}
	c.at = db.Time(at)
	return c, err == nil, err
}

// takeLease takes or renews a lease and reports whether holder has it.
func takeLease(ctx context.Context, tx *db.Tx, name, holder string, ttl time.Duration) (bool, error) {
	n, err := tx.Exec(ctx, `
		insert into event_lease (name, holder, until) values ($1, $2, $3)
		on conflict (name) do update set holder = excluded.holder, until = excluded.until
		where event_lease.holder = excluded.holder or event_lease.until < $4`,
		name, holder, db.Millis(tx.Now.Add(ttl)), db.Millis(tx.Now))
	return n == 1, err
}

// fence holds the lease's row to the end of the transaction, so that nobody
// takes it over meanwhile, or returns errLost.
func fence(ctx context.Context, tx *db.Tx, name, holder string, ttl time.Duration) error {
	n, err := tx.Exec(ctx, `update event_lease set until = $1 where name = $2 and holder = $3`, db.Millis(tx.Now.Add(ttl)), name, holder)
	if err == nil && n == 0 {
		return errLost
	}
	return err
}

func freeLease(ctx context.Context, tx *db.Tx, name, holder string) error {
	_, err := tx.Exec(ctx, `delete from event_lease where name = $1 and holder = $2`, name, holder)
	return err
}

func holderOf(ctx context.Context, tx *db.Tx, name string) (holder string, err error) {
	err = tx.QueryRow(ctx, `select holder from event_lease where name = $1 and until >= $2`, name, db.Millis(tx.Now)).Scan(&holder)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return holder, err
}

// Parked is an event that a follower gave up on.
type Parked struct {
	Follower string    `json:"follower"`
	Error    string    `json:"error"`
	ParkedAt time.Time `json:"parked_at"`
	Event    Event     `json:"event"`
}

func park(ctx context.Context, tx *db.Tx, name string, e Event, message string) error {
	_, err := tx.Exec(ctx, `
		insert into event_parked (tenant, follower, position, error, parked_at) values ($1, $2, $3, $4, $5)
		on conflict do nothing`, e.Tenant, name, e.Position, message, db.Millis(tx.Now))
	return err
}

// unpark removes an entry and thereby holds it against others who do the same.
func unpark(ctx context.Context, tx *db.Tx, tenant, name string, position int64) (bool, error) {
	n, err := tx.Exec(ctx, `delete from event_parked where tenant = $1 and follower = $2 and position = $3`, tenant, name, position)
	return n == 1, err
}

func parked(ctx context.Context, tx *db.Tx, tenant string) ([]Parked, error) {
	return db.List(ctx, tx, func(row db.Scanner) (p Parked, err error) {
		var at int64
		p.Event, err = scan(ahead{row, []any{&p.Follower, &p.Error, &at}})
		p.ParkedAt = db.Time(at)
		return p, err
	}, `
		select p.follower, p.error, p.parked_at, `+columnsOf("l")+`
		from event_parked p join event_log l on l.position = p.position
		where p.tenant = $1 and l.tenant = $2
		order by p.position, p.follower`, tenant, tenant)
}

// ahead scans some columns before those that the next scanner wants.
type ahead struct {
	row   db.Scanner
	first []any
}

func (a ahead) Scan(dest ...any) error { return a.row.Scan(append(a.first, dest...)...) }

func parkedCount(ctx context.Context, tx *db.Tx, name string) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*) from event_parked where follower = $1`, name).Scan(&n)
	return n, err
}

func stuck(ctx context.Context, tx *db.Tx) ([]Stuck, error) {
	return db.List(ctx, tx, func(row db.Scanner) (s Stuck, err error) {
		err = row.Scan(&s.Tenant, &s.Count, &s.Last)
		return s, err
	}, `
		select p.tenant, count(*), (select one.error from event_parked one where one.tenant = p.tenant order by one.position desc, one.follower limit 1)
		from event_parked p group by p.tenant order by p.tenant`)
}
