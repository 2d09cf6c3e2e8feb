package webhook

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"strings"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "webhook", FS: files}

const endpointColumns = `tenant, id, name, url, kinds, state, why, secret, old_secret, old_until, failing_since, version, created_at`

func scanEndpoint(row db.Scanner) (e Endpoint, err error) {
	var kinds, state string
	var until, failing, created int64
	err = row.Scan(&e.Tenant, &e.ID, &e.Name, &e.URL, &kinds, &state, &e.Why, &e.Secret, &e.OldSecret, &until, &failing, &e.Version, &created)
	e.Kinds, e.State = strings.Fields(kinds), State(state)
	if e.OldSecret == nil { // SQLite reads an empty value so
		e.OldSecret = []byte{}
	}
	e.OldUntil, e.FailingSince, e.CreatedAt = db.Time(until), db.Time(failing), db.Time(created)
	return e, err
}

func insertEndpoint(ctx context.Context, tx *db.Tx, e Endpoint) error {
	_, err := tx.Exec(ctx, `
		insert into webhook_endpoint (`+endpointColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		e.Tenant, e.ID, e.Name, e.URL, strings.Join(e.Kinds, " "), string(e.State), e.Why, e.Secret, e.OldSecret, db.Millis(e.OldUntil),
		db.Millis(e.FailingSince), e.Version, db.Millis(e.CreatedAt))
	return err
}

// updateEndpoint saves an endpoint that has the version it was read with.
func updateEndpoint(ctx context.Context, tx *db.Tx, e *Endpoint) error {
	err := tx.QueryRow(ctx, `
		update webhook_endpoint set name = $1, url = $2, kinds = $3, state = $4, why = $5, secret = $6, old_secret = $7, old_until = $8,
			failing_since = $9, version = version + 1
		where tenant = $10 and id = $11 and version = $12 returning version`,
		e.Name, e.URL, strings.Join(e.Kinds, " "), string(e.State), e.Why, e.Secret, e.OldSecret, db.Millis(e.OldUntil),
		db.Millis(e.FailingSince), e.Tenant, e.ID, e.Version).Scan(&e.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrStale
	}
	return err
}

func deleteEndpoint(ctx context.Context, tx *db.Tx, tenant, id string) error {
	if _, err := tx.Exec(ctx, `delete from webhook_delivery where tenant = $1 and endpoint = $2`, tenant, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `delete from webhook_endpoint where tenant = $1 and id = $2`, tenant, id)
	return err
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (Endpoint, error) {
	e, err := scanEndpoint(tx.QueryRow(ctx, `select `+endpointColumns+` from webhook_endpoint where tenant = $1 and id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return e, ErrUnknown
	}
	return e, err
}

func all(ctx context.Context, tx *db.Tx, tenant string) ([]Endpoint, error) {
	return db.List(ctx, tx, scanEndpoint, `select `+endpointColumns+` from webhook_endpoint where tenant = $1 order by id`, tenant)
}

// failing notes since when an endpoint fails; the zero time: it does not.
func failing(ctx context.Context, tx *db.Tx, e Endpoint, since time.Time) error {
	_, err := tx.Exec(ctx, `update webhook_endpoint set failing_since = $1 where tenant = $2 and id = $3`, db.Millis(since), e.Tenant, e.ID)
	return err
}

const deliveryColumns = `tenant, id, endpoint, event, kind, subject, body, state, attempts, status, took, error, answer, created_at, tried_at`

func scanDelivery(row db.Scanner) (d Delivery, err error) {
	var created, tried int64
	err = row.Scan(&d.Tenant, &d.ID, &d.Endpoint, &d.Event, &d.Kind, &d.Subject, &d.Body, &d.State, &d.Attempts, &d.Status, &d.Took, &d.Error, &d.Answer, &created, &tried)
	d.CreatedAt, d.TriedAt = db.Time(created), db.Time(tried)
	return d, err
}

func insertDelivery(ctx context.Context, tx *db.Tx, d Delivery) error {
	_, err := tx.Exec(ctx, `
		insert into webhook_delivery (tenant, id, endpoint, event, kind, subject, body, state, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		d.Tenant, d.ID, d.Endpoint, d.Event, d.Kind, d.Subject, d.Body, d.State, db.Millis(d.CreatedAt))
	return err
}

// record saves what an attempt gave, unless somebody else's has ended the
// delivery.
func record(ctx context.Context, tx *db.Tx, d Delivery) error {
	_, err := tx.Exec(ctx, `
		update webhook_delivery set state = $1, attempts = $2, status = $3, took = $4, error = $5, answer = $6, tried_at = $7
		where tenant = $8 and id = $9 and state = 'waiting'`,
		d.State, d.Attempts, d.Status, d.Took, d.Error, d.Answer, db.Millis(d.TriedAt), d.Tenant, d.ID)
	return err
}

// again puts a delivery that ended back in line.
func again(ctx context.Context, tx *db.Tx, tenant, id string) (bool, error) {
	n, err := tx.Exec(ctx, `update webhook_delivery set state = 'waiting', attempts = 0 where tenant = $1 and id = $2 and state <> 'waiting'`, tenant, id)
	return n == 1, err
}

func deliveryByID(ctx context.Context, tx *db.Tx, tenant, endpoint, id string) (Delivery, error) {
	d, err := scanDelivery(tx.QueryRow(ctx, `
		select `+deliveryColumns+` from webhook_delivery where tenant = $1 and endpoint = $2 and id = $3`, tenant, endpoint, id))
	if errors.Is(err, sql.ErrNoRows) {
		return d, ErrDelivery
	}
	return d, err
}

// oldest is the first delivery that waits of a subject.
func oldest(ctx context.Context, tx *db.Tx, tenant, endpoint, subject string) (d Delivery, found bool, err error) {
	d, err = scanDelivery(tx.QueryRow(ctx, `
		select `+deliveryColumns+` from webhook_delivery
		where tenant = $1 and endpoint = $2 and subject = $3 and state = 'waiting' order by id limit 1`, tenant, endpoint, subject))
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil
	}
	return d, err == nil, err
}

// page lists deliveries, the latest first.
func page(ctx context.Context, tx *db.Tx, tenant, endpoint, state, before string, limit int) ([]Delivery, error) {
	return db.List(ctx, tx, scanDelivery, `
		select `+deliveryColumns+` from webhook_delivery
		where tenant = $1 and endpoint = $2 and ($3 = '' or state = $3) and ($4 = '' or id < $4)
		order by id desc limit $5`, tenant, endpoint, state, before, limit)
}

// waiting counts what is to be sent, by endpoint.
func waiting(ctx context.Context, tx *db.Tx, tenant string) (map[string]int64, error) {
	type count struct {
		endpoint string
		n        int64
	}
	found, err := db.List(ctx, tx, func(row db.Scanner) (c count, err error) { return c, row.Scan(&c.endpoint, &c.n) }, `
		select endpoint, count(*) from webhook_delivery where tenant = $1 and state = 'waiting' group by endpoint`, tenant)
	counts := map[string]int64{}
	for _, c := range found {
		counts[c.endpoint] = c.n
	}
	return counts, err
}

// line is what waits at one endpoint about one subject.
type line struct{ tenant, endpoint, subject string }

// lines are those of active endpoints; an empty tenant is all of them.
func lines(ctx context.Context, tx *db.Tx, tenant string) ([]line, error) {
	return db.List(ctx, tx, func(row db.Scanner) (l line, err error) { return l, row.Scan(&l.tenant, &l.endpoint, &l.subject) }, `
		select distinct d.tenant, d.endpoint, d.subject from webhook_delivery d
		join webhook_endpoint e on e.tenant = d.tenant and e.id = d.endpoint
		where d.state = 'waiting' and e.state = 'active' and ($1 = '' or d.tenant = $1) limit 5000`, tenant)
}

func forget(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, `delete from webhook_delivery where created_at < $1 and state <> 'waiting'`, db.Millis(before))
	return err
}

func erase(ctx context.Context, tx *db.Tx, tenant, subject string) error {
	_, err := tx.Exec(ctx, `delete from webhook_delivery where tenant = $1 and subject = $2`, tenant, subject)
	return err
}
