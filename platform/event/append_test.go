package event_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
)

// What a transaction knows of the ends of the log must not outlive the part of it
// that was undone: positions have no gaps, and each event follows one that is there.
func TestAnUndonePartLeavesNoGapAndNoFalseEnd(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		refused := errors.New("refused")
		say := func(tx *db.Tx, subject string, version int64) error {
			return event.Append(ctx, tx, by, event.About{Stream: "case", Subject: subject, Version: version}, moved{N: int(version)})
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := errors.Join(say(tx, "a", 1), say(tx, "a", 2), say(tx, "b", 1)); err != nil {
				return err
			}
			err := tx.Try(ctx, func() error { return errors.Join(say(tx, "a", 3), say(tx, "b", 2), refused) })
			if !errors.Is(err, refused) {
				return err
			}
			return errors.Join(say(tx, "a", 3), say(tx, "b", 2))
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := announce(ctx, d, "a", 4); err != nil {
			t.Fatal(err)
		}
		for subject, want := range map[string]int{"a": 4, "b": 2} {
			var all []event.Sealed
			err := d.Read(ctx, func(tx *db.Tx) (err error) {
				all, err = event.SealedHistory(ctx, tx, "main", "case", subject)
				return err
			})
			if err != nil || len(all) != want {
				t.Fatalf("%s: %d events, want %d (%v)", subject, len(all), want, err)
			}
			for i := range all {
				if i > 0 && all[i].Previous != all[i-1].Content {
					t.Errorf("%s: event %d does not follow the one before it", subject, i+1)
				}
				if !all[i].True() {
					t.Errorf("%s: event %d is not what was committed to", subject, i+1)
				}
			}
		}
		if d.Engine() == db.SQLite {
			last := int64(0)
			if err := d.Read(ctx, func(tx *db.Tx) (err error) { last, err = event.Last(ctx, tx); return err }); err != nil || last != 6 {
				t.Errorf("last position is %d, want 6 (%v)", last, err)
			}
		}
	})
}

func TestAHistoryOfSomeTypesIsThoseOnly(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		tell := func(tx *db.Tx, subject string, version int64, fact event.Fact) error {
			return event.Append(ctx, tx, by, event.About{Stream: "case", Subject: subject, Version: version}, fact)
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			return errors.Join(tell(tx, "a", 1, moved{}), tell(tx, "a", 2, noted{}), tell(tx, "b", 1, noted{}), tell(tx, "a", 3, moved{}), tell(tx, "a", 4, fat{}))
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			types []string
			want  []int64
		}{
			{nil, []int64{1, 2, 3, 4}},
			{[]string{noted{}.Type()}, []int64{2}},
			{[]string{noted{}.Type(), moved{}.Type()}, []int64{1, 2, 3, 4}},
			{[]string{"case.closed"}, nil},
		} {
			var got []int64
			err := d.Read(ctx, func(tx *db.Tx) error {
				all, err := event.History(ctx, tx, "main", "case", "a", test.types...)
				for _, e := range all {
					got = append(got, e.Version)
				}
				return err
			})
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("%v: versions %v, want %v (%v)", test.types, got, test.want, err)
			}
		}
	})
}
