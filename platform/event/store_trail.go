package event

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

func trail(ctx context.Context, tx *db.Tx, tenant string, t Trail, low, high int64) ([]Event, int64, error) {
	args := []any{tenant, low}
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	by := `tenant = $1 and position > $2`
	if high > 0 {
		by += ` and position < ` + arg(high)
	}
	switch { // what an index leads to
	case t.Subject != "" && t.Stream != "":
		by += ` and stream = ` + arg(t.Stream) + ` and subject = ` + arg(t.Subject)
	case t.Actor != "" && t.Kind == actor.Staff:
		by += ` and actor_kind = 'staff' and actor_id = ` + arg(t.Actor)
	}
	read := `select position, tenant, id, stream, subject, version, type, actor_kind, actor_id, actor_name, at, data
		from event_log where ` + by + ` order by position desc limit ` + arg(trailReads)
	bound, text := len(args), `select * from (`+read+`) e where 1 = 1`
	wish := func(column string, value any) { text += ` and ` + column + ` = ` + arg(value) }
	if t.Kind != "" {
		wish("actor_kind", string(t.Kind))
	}
	if t.Actor != "" {
		wish("actor_id", t.Actor)
	}
	if t.Stream != "" {
		wish("stream", t.Stream)
	}
	if t.Subject != "" {
		wish("subject", t.Subject)
	}
	if !t.From.IsZero() {
		text += ` and at >= ` + arg(db.Millis(t.From))
	}
	if !t.To.IsZero() {
		text += ` and at < ` + arg(db.Millis(t.To))
	}
	anyOf := func(all []string) string {
		var types []string
		for _, one := range all {
			if family, ok := strings.CutSuffix(one, ".*"); ok {
				types = append(types, `substr(type, 1, `+arg(len(family)+1)+`) = `+arg(family+"."))
				continue
			}
			types = append(types, `type = `+arg(one))
		}
		return `(` + strings.Join(types, ` or `) + `)`
	}
	if len(t.Types) > 0 {
		text += ` and ` + anyOf(t.Types)
	}
	if len(t.Without) > 0 {
		text += ` and not ` + anyOf(t.Without)
	}
	events, err := db.List(ctx, tx, scan, text+` order by position desc limit `+arg(t.Limit+1), args...)
	if err != nil || len(events) > t.Limit {
		if err == nil {
			events = events[:t.Limit]
			return events, events[t.Limit-1].Position, nil
		}
		return nil, 0, err
	}
	var end int64
	err = tx.QueryRow(ctx, `select position from (`+strings.TrimSuffix(read, fmt.Sprintf(" limit $%d", bound))+fmt.Sprintf(` limit 1 offset $%d`, bound)+`) e`,
		append(args[:bound-1:bound-1], trailReads-1)...).Scan(&end)
	if errors.Is(err, sql.ErrNoRows) {
		return events, 0, nil
	}
	return events, end, err
}
