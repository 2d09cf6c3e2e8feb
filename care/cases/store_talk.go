package cases

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
)

// Talked keeps what lists show of the messages of a case. It is no change of the
// case: its version stays.
func Talked(ctx context.Context, tx *db.Tx, tenant, id string, t Talk) error {
	_, err := tx.Exec(ctx, `update cases_case set unread = $1, news = $2, wrote_at = $3 where tenant = $4 and id = $5`,
		t.Unread, t.News, db.Millis(t.WroteAt), tenant, id)
	return err
}

// TalkOf reads what lists show of the messages of a case.
func TalkOf(ctx context.Context, tx *db.Tx, tenant, id string) (t Talk, err error) {
	var wrote int64
	err = tx.QueryRow(ctx, `select unread, news, wrote_at from cases_case where tenant = $1 and id = $2`, tenant, id).Scan(&t.Unread, &t.News, &wrote)
	t.WroteAt = db.Time(wrote)
	return t, err
}
