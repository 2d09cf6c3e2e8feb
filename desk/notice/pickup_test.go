package notice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
)

// Who waited for a pick-up in vain is told, in each language, what to do now.
func TestAPickUpThatCameToNothingIsToldOnce(t *testing.T) {
	eachShop(t, func(s *shop) {
		parcels := s.cases.Shipment
		var slot shipment.Slot
		s.write(func(tx *db.Tx) (err error) {
			slot, err = parcels.OpenSlot(s.Context(), tx, agent, tx.Now.Add(24*time.Hour), tx.Now.Add(26*time.Hour), 20)
			return err
		})
		for _, lang := range locale.Readable {
			c := s.open(s.order("P-"+lang, 19900, ann), lang)
			s.follow(c)
			s.work()
			var p shipment.Parcel
			s.write(func(tx *db.Tx) (err error) {
				home := shipment.Address{Name: "Ann", Lines: []string{"1"}, City: "杭州", ISO: "CN", Phone: "13800000000"}
				p, err = parcels.Book(s.Context(), tx, agent, c.ID, "", shipment.PickUp, shipment.Slot{ID: slot.ID}, home)
				return err
			})
			s.clock.Add(25 * time.Hour)
			s.outbox = nil
			s.write(func(tx *db.Tx) error {
				_, err := parcels.Missed(s.Context(), tx, agent, c.ID, p.ID, "nobody came")
				return err
			})
			_, react := s.notices.Events()
			for _, e := range append(s.history("parcel", p.ID), s.history("parcel", p.ID)...) {
				if e.Type == "parcel.booking_missed" {
					s.write(func(tx *db.Tx) error { return react(s.Context(), tx, e) })
				}
			}
			s.work()
			want := notice.Standard("pickup_missed", lang)
			if len(s.outbox) != 1 {
				s.Fatalf("%s: %d messages", lang, len(s.outbox))
			}
			checkWords(s, s.outbox[0])
			if before, _, _ := strings.Cut(want.Subject, "{"); !strings.HasPrefix(s.outbox[0].Subject, before) {
				s.Errorf("%s: %q", lang, s.outbox[0].Subject)
			}
			s.clock.Set(monday)
		}
	})
}
