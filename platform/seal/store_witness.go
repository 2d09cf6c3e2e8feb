package seal

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
)

// testimony is what a witness has signed last.
type testimony struct {
	verifier string
	size     int64
	note     string // its signature lines
	signedAt int64
	problem  string
	triedAt  int64
}

func witnessed(ctx context.Context, tx *db.Tx) ([]testimony, error) {
	return db.List(ctx, tx, func(row db.Scanner) (t testimony, err error) {
		err = row.Scan(&t.verifier, &t.size, &t.note, &t.signedAt, &t.problem, &t.triedAt)
		return t, err
	}, `select verifier, size, note, signed_at, problem, tried_at from seal_witness order by verifier`)
}

func saveWitness(ctx context.Context, tx *db.Tx, verifier string, size int64, lines string) error {
	_, err := tx.Exec(ctx, `
		insert into seal_witness (verifier, size, note, signed_at, problem, tried_at) values ($1, $2, $3, $4, '', $4)
		on conflict (verifier) do update set size = excluded.size, note = excluded.note, signed_at = excluded.signed_at, problem = '', tried_at = excluded.tried_at`,
		verifier, size, lines, db.Millis(tx.Now))
	return err
}

func noteProblem(ctx context.Context, tx *db.Tx, verifier, problem string) error {
	_, err := tx.Exec(ctx, `
		insert into seal_witness (verifier, size, note, signed_at, problem, tried_at) values ($1, 0, '', 0, $2, $3)
		on conflict (verifier) do update set problem = excluded.problem, tried_at = excluded.tried_at`, verifier, problem, db.Millis(tx.Now))
	return err
}
