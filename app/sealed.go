package app

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal"
	"github.com/aftercare/aftercare/platform/telemetry"
)

// Sealed makes the log that proves what was announced. tail is nil where this
// process only looks.
func (h *House) Sealed(tail *event.Tail) (*seal.Log, error) {
	o := seal.Options{
		DB: h.DB, Tail: tail, Log: h.Log, By: actor.Of(tenant.Default),
		Name: h.Config.LogName, KeyFile: filepath.Join(h.Config.Data, "keys", "log.key"), KeyText: h.Config.LogKey.Reveal(),
	}
	if o.KeyText == "" && h.Config.MasterKey != "" { // processes of a cluster share no folder
		o.Seeds = func() [][]byte { return h.Keys.All(logPurpose) }
	}
	if o.Name == "" && h.Config.BaseURL != "" {
		_, address, _ := strings.Cut(h.Config.BaseURL.Reveal(), "://")
		o.Name = strings.TrimSuffix(address, "/") + "/log"
	}
	var err error
	o.Witnesses, err = seal.ParseWitnesses(h.Config.LogWitnesses)
	return seal.New(o), err
}

// observeSeal shows how far the log is behind the events.
func observeSeal(l *seal.Log, m *telemetry.Metrics) {
	figure := func(of func(seal.Status) float64) func(context.Context) (map[string]float64, error) {
		return func(ctx context.Context) (map[string]float64, error) {
			s, err := l.Status(ctx)
			return map[string]float64{"": of(s)}, err
		}
	}
	m.Gauge("aftercare_seal_entries", "Entries of the sealed log.", "", figure(func(s seal.Status) float64 { return float64(s.Size) }))
	m.Gauge("aftercare_seal_unsealed", "Events that have no entry yet.", "", figure(func(s seal.Status) float64 { return float64(s.Unsealed) }))
	m.Gauge("aftercare_seal_lag_seconds", "Age of the oldest event that has no entry.", "", figure(func(s seal.Status) float64 { return s.Lag.Seconds() }))
}
