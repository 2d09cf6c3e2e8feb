package cases

import (
	"context"
	"strconv"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

// changing is what moves change of a case, as it is stored.
type changing struct {
	state            State
	closedAs         string
	timer            string
	deadline         int64
	tracking         string
	assignee         string
	refunded         int64
	quote            string
	decision, detail string
}

func (c *Case) changing(decision, detail string) changing {
	return changing{c.State, c.ClosedAs, c.Timer, db.Millis(c.Deadline), c.Tracking, c.Assignee, c.Refunded, string(c.Quote), decision, detail}
}

// update saves what changed as a case moved, and refuses when somebody was
// faster than seen. It leaves other columns alone: an index is written anew for
// each of its columns that a statement names, changed or not.
func update(ctx context.Context, tx *db.Tx, c *Case, seen int64) error {
	c.UpdatedAt = tx.Now
	was, is := c.stored, c.changing(encode(c.Decision), c.Detail.encode())
	args := []any{db.Millis(c.UpdatedAt)}
	text := strings.Builder{}
	text.WriteString("update cases_case set version = version + 1, updated_at = $1")
	set := func(changed bool, column string, value any) {
		if changed {
			args = append(args, value)
			text.WriteString(", " + column + " = $" + strconv.Itoa(len(args)))
		}
	}
	moved := was.state != is.state || was.closedAs != is.closedAs || was.timer != is.timer || was.deadline != is.deadline
	set(moved, "state", string(is.state))
	set(moved, "closed_as", is.closedAs)
	set(moved, "timer", is.timer)
	set(moved, "deadline", is.deadline)
	set(was.tracking != is.tracking, "tracking", is.tracking)
	set(was.assignee != is.assignee, "assignee", is.assignee)
	money := was.refunded != is.refunded || was.quote != is.quote
	set(money, "refunded", is.refunded)
	set(money, "quote", is.quote)
	set(was.decision != is.decision, "decision", is.decision)
	set(was.detail != is.detail, "detail", is.detail)
	n := len(args)
	args = append(args, c.Tenant, c.ID, seen)
	text.WriteString(" where tenant = $" + strconv.Itoa(n+1) + " and id = $" + strconv.Itoa(n+2) + " and version = $" + strconv.Itoa(n+3))
	changed, err := tx.Exec(ctx, text.String(), args...)
	if err != nil {
		return err
	}
	if changed == 0 {
		return ErrStale.With("version", seen)
	}
	c.Version, c.stored = seen+1, is
	return nil
}
