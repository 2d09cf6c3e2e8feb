package db

import (
	"context"
	"errors"
)

// Try runs fn so that an error undoes what fn did, and only that: the rest of
// the transaction goes on. It returns the error of fn. A caller goes on after a
// refusal only; any other error may mean that the transaction has to run again.
func (tx *Tx) Try(ctx context.Context, fn func() error) error {
	if _, err := tx.Exec(ctx, "savepoint attempt"); err != nil {
		return err
	}
	after := len(tx.after)
	err := fn()
	if err != nil {
		tx.after, tx.notes = tx.after[:after], nil
		if _, undo := tx.Exec(ctx, "rollback to attempt"); undo != nil {
			return errors.Join(err, undo)
		}
	}
	if _, release := tx.Exec(ctx, "release attempt"); release != nil {
		return errors.Join(err, release)
	}
	return err
}
