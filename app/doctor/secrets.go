package doctor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/platform/db"
)

// secrets looks which master keys are needed, and whether they are at hand.
func secrets(ctx context.Context, p *patient) []Finding {
	if p.db == nil {
		return unseen("secrets", p)
	}
	if _, err := os.Stat(filepath.Join(p.cfg.Data, "keys", "master.key")); err != nil && p.cfg.MasterKey == "" {
		return ok("secrets", "no master key yet")
	}
	keys, err := app.OpenKeys(p.cfg)
	if err != nil {
		return fail("secrets", oneLine(err), "restore the files of the keys folder from a backup")
	}
	there, err := holds(ctx, p.db, "app_installation")
	if err != nil {
		return fail("secrets", oneLine(err), "let the user of the URL read its own schema")
	}
	if !there {
		return ok("secrets", "no table yet")
	}
	var all []app.MasterKey
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		if err := app.ArrangeKeys(ctx, tx, keys); err != nil {
			return err
		}
		all, err = app.MasterKeys(ctx, tx, keys)
		return err
	})
	if err != nil {
		return fail("secrets", oneLine(err), "give this process every master key that the database names")
	}
	var found []Finding
	for _, m := range all {
		n := m.Sealed()
		switch {
		case m.Writes:
			found = append(found, ok("secrets", fmt.Sprintf("%d values are sealed with master key %s, which writes", n, m.ID))...)
		case n > 0 && !m.AtHand:
			found = append(found, fail("secrets", fmt.Sprintf("%d values are sealed with master key %s, which is not here", n, m.ID), "restore it from a backup, or enter the secrets anew")...)
		case n > 0:
			found = append(found, warn("secrets", fmt.Sprintf("%d values are still sealed with master key %s", n, m.ID), "the workers of a running server seal them again; \"aftercare secret status\" counts them")...)
		case !m.AtHand || m.Until.IsZero():
		case time.Now().Before(m.Links):
			found = append(found, ok("secrets", fmt.Sprintf("master key %s only reads: links in messages may be signed with it until %s", m.ID, m.Links.Format("2006-01-02 15:04 MST")))...)
		default:
			found = append(found, warn("secrets", fmt.Sprintf("nothing uses master key %s any more", m.ID), "aftercare secret drop "+m.ID)...)
		}
	}
	if len(found) == 0 {
		return ok("secrets", "none yet")
	}
	return found
}
