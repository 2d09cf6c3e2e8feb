package shipment

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Stop is how the wish to stop a parcel went on.
type Stop struct {
	Wish     Wish
	Asked    time.Time // when somebody first wished it
	Answered time.Time // when the carrier's last answer was learned; zero while there is none
	ByHand   bool      // a person has to ask: no adapter can, or it got no answer
	Why      string    // the carrier's own words, or why it could not be asked
}

// StopOf tells it from the parcel's own history and scans. A parcel that nobody
// wants stopped gives nothing.
func StopOf(ctx context.Context, tx *db.Tx, p Parcel) (stop Stop, wished bool, err error) {
	if p.Wish == "" {
		return Stop{}, false, nil
	}
	events, err := event.History(ctx, tx, p.Tenant, "parcel", p.ID)
	if err != nil {
		return Stop{}, false, err
	}
	stop.Wish = p.Wish
	for _, e := range events {
		switch e.Type {
		case Moved{To: Intercepted}.Type():
			var news Moved
			if err := json.Unmarshal(e.Data, &news); err != nil {
				return Stop{}, false, err
			}
			stop.Answered, stop.ByHand, stop.Why = e.At, false, news.Why
		case Wished{Wish: Requested}.Type(), Wished{Wish: Asked}.Type(), Wished{Wish: Refusal}.Type():
			var news Wished
			if err := json.Unmarshal(e.Data, &news); err != nil {
				return Stop{}, false, err
			}
			stop.ByHand, stop.Why = news.ByHand, news.Why
			if e.Type != (Wished{Wish: Requested}).Type() { // of an erased fact there is no more than its type
				stop.Answered = e.At
			} else if stop.Asked.IsZero() {
				stop.Asked = e.At
			}
		}
	}
	for _, scan := range p.Scans { // what was said with the scan that brought it back
		if scan.Status == Intercepted && stop.Wish == Stopped && stop.Why == "" {
			stop.Why = scan.Note
		}
	}
	return stop, true, nil
}
