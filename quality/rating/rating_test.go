package rating_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/quality/rating"
)

func (s *shop) rate(by actor.Actor, c cases.Case, score int64, words string) (r rating.Rating, err error) {
	s.Helper()
	err = s.d.Write(s.Context(), func(tx *db.Tx) error {
		var err error
		r, err = s.ratings.Rate(s.Context(), tx, by, c.ID, rating.Said{Score: score, Comment: words})
		return err
	})
	return r, err
}

func TestACaseIsRatedOnceAndTheRatingChangedForSomeDays(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.ended(1, "north", true)
		own := buyer(c.Customer)
		if c.State != cases.Closed {
			t.Fatalf("the case is %s", c.State)
		}
		first, err := s.rate(own, c, 2, " too slow ")
		if err != nil || first.Comment != "too slow" || !first.Waits() || first.Seller != "north" {
			t.Fatalf("%+v %v", first, err)
		}
		s.clock.Add(6 * 24 * time.Hour)
		second, err := s.rate(own, c, 5, "")
		if err != nil || second.ID != first.ID || second.Version != 2 || second.Waits() || !second.CreatedAt.Equal(first.CreatedAt) {
			t.Errorf("%+v %v", second, err)
		}
		if again, err := s.rate(own, c, 5, ""); err != nil || again.Version != 2 {
			t.Errorf("said the same twice: %+v %v", again, err)
		}
		s.clock.Add(24 * time.Hour)
		if _, err := s.rate(own, c, 1, ""); !errors.Is(err, rating.ErrLate) {
			t.Errorf("after seven days: %v", err)
		}
		var kinds []string
		s.write(func(tx *db.Tx) error {
			all, err := event.History(t.Context(), tx, "main", "rating", c.ID)
			for _, e := range all {
				kinds = append(kinds, e.Type)
			}
			return err
		})
		if diff := cmp.Diff([]string{"rating.given", "rating.changed"}, kinds); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestWhoMayRateWhatAndWhen(t *testing.T) {
	eachShop(t, func(s *shop) {
		late := s.ended(3, "", true)
		s.clock.Add(rating.Open)
		over := s.ended(2, "", true)
		withdrawn := s.ended(4, "", false)
		s.write(func(tx *db.Tx) error {
			_, err := s.cases.Act(t.Context(), tx, buyer(withdrawn.Customer), withdrawn.ID, 0, cases.Input{Action: cases.Withdraw})
			return err
		})
		fresh := s.ended(5, "", false)
		for _, tt := range []struct {
			name  string
			by    actor.Actor
			c     cases.Case
			score int64
			want  error
		}{
			{"somebody else", buyer(late.Customer), over, 5, cases.ErrUnknown},
			{"not over", buyer(fresh.Customer), fresh, 5, rating.ErrEarly},
			{"withdrawn", buyer(withdrawn.Customer), withdrawn, 5, rating.ErrEarly},
			{"a month later", buyer(late.Customer), late, 5, rating.ErrLate},
			{"no score", buyer(over.Customer), over, 0, rating.ErrInvalid},
			{"off the scale", buyer(over.Customer), over, 6, rating.ErrInvalid},
			{"another shop", actor.Actor{Tenant: "other", Kind: actor.Customer, ID: over.Customer}, over, 5, cases.ErrUnknown},
			{"right", buyer(over.Customer), over, 1, nil},
		} {
			if _, err := s.rate(tt.by, tt.c, tt.score, ""); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
			}
		}
	})
}

func TestFiguresAndWhoSeesThem(t *testing.T) {
	eachShop(t, func(s *shop) {
		var low cases.Case
		for n, score := range []int64{1, 2, 4, 5, 5} {
			seller := "north"
			if n > 2 {
				seller = "south"
			}
			c := s.ended(n, seller, true)
			if _, err := s.rate(buyer(c.Customer), c, score, "word"); err != nil {
				t.Fatal(err)
			}
			if score == 1 {
				low = c
			}
		}
		s.write(func(tx *db.Tx) error {
			if _, err := s.ratings.Look(t.Context(), tx, admin, low.ID); err != nil {
				return err
			}
			all, err := rating.Sum(t.Context(), tx, admin, rating.Filter{})
			want := rating.Figures{Count: 5, Scores: [5]int64{1, 1, 0, 1, 2}, CSAT: 60, Mean: 3.4, Low: 1}
			if diff := cmp.Diff(want, all); diff != "" || err != nil {
				t.Errorf("figures (-want +got):\n%s%v", diff, err)
			}
			seller := actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_2", Role: "seller", Seller: "south"}
			theirs, err := rating.Page(t.Context(), tx, seller, rating.Filter{Seller: "north"}, "", 10)
			if err != nil || len(theirs) != 2 || theirs[0].Seller != "south" {
				t.Errorf("a seller sees %+v %v", theirs, err)
			}
			waiting, err := rating.Page(t.Context(), tx, admin, rating.Filter{Low: true}, "", 10)
			if err != nil || len(waiting) != 1 || waiting[0].Score != 2 {
				t.Errorf("waiting %+v %v", waiting, err)
			}
			next, err := rating.Page(t.Context(), tx, admin, rating.Filter{}, waiting[0].ID, 10)
			if err != nil || len(next) != 1 || next[0].Score != 1 || next[0].LookedBy != admin.ID {
				t.Errorf("after it %+v %v", next, err)
			}
			none, err := rating.Sum(t.Context(), tx, actor.Of("other"), rating.Filter{})
			if err != nil || none != (rating.Figures{}) {
				t.Errorf("another shop has %+v %v", none, err)
			}
			return nil
		})
	})
}
