package telemetry

import (
	"context"

	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/live"
)

// Watch adds the figures of the event log's readers. Each may be nil.
func (m *Metrics) Watch(relay *event.Relay, followers *event.Followers, hub *live.Hub) {
	if relay != nil {
		status := func(figure func(event.RelayStatus) float64) func(context.Context) (map[string]float64, error) {
			return func(ctx context.Context) (map[string]float64, error) {
				s, err := relay.Status(ctx)
				return map[string]float64{"": figure(s)}, err
			}
		}
		m.Gauge("aftercare_event_position", "Newest position of the event log.", "", status(func(s event.RelayStatus) float64 { return float64(s.Last) }))
		m.Gauge("aftercare_relay_behind", "Positions not yet in the stream.", "", status(func(s event.RelayStatus) float64 { return float64(s.Behind) }))
		m.Gauge("aftercare_relay_leading", "1 where this process relays.", "", status(func(s event.RelayStatus) float64 { return one(s.Leading) }))
	}
	if followers != nil {
		each := func(figure func(event.FollowerStatus) float64) func(context.Context) (map[string]float64, error) {
			return func(ctx context.Context) (map[string]float64, error) {
				all, err := followers.Status(ctx)
				values := map[string]float64{}
				for _, s := range all {
					values[s.Name] = figure(s)
				}
				return values, err
			}
		}
		m.Gauge("aftercare_follower_behind", "Positions that a follower has not looked at.", "follower", each(func(s event.FollowerStatus) float64 { return float64(s.Behind) }))
		m.Gauge("aftercare_follower_attempts", "Failures at the event that a follower stands at.", "follower", each(func(s event.FollowerStatus) float64 { return float64(s.Attempts) }))
		m.Gauge("aftercare_follower_parked", "Events that a follower gave up on.", "follower", each(func(s event.FollowerStatus) float64 { return float64(s.Parked) }))
	}
	if hub != nil {
		m.Gauge("aftercare_live_clients", "Open live connections of this process.", "", func(context.Context) (map[string]float64, error) {
			return map[string]float64{"": float64(hub.Clients())}, nil
		})
	}
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
