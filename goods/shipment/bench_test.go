package shipment_test

import (
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
)

// BenchmarkParcel is a whole journey: label, three scans, arrival.
func BenchmarkParcel(b *testing.B) {
	d, err := db.Open(b.Context(), "sqlite:"+b.TempDir()+"/bench.db", db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(b.Context(), schemas); err != nil {
		b.Fatal(err)
	}
	var s shipment.Service
	var n atomic.Int64
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			caseID := "case_" + strconv.FormatInt(n.Add(1), 10)
			var p shipment.Parcel
			err := d.Write(b.Context(), func(tx *db.Tx) (err error) {
				p, err = s.Issue(b.Context(), tx, actor.Of("t1"), caseID, depot)
				return err
			})
			for i, state := range []shipment.State{shipment.HandedOver, shipment.InTransit, shipment.Delivered} {
				if err == nil {
					err = d.Write(b.Context(), func(tx *db.Tx) error {
						_, _, err := s.Scan(b.Context(), tx, carrier, p.Tracking, shipment.Scan{Status: state, At: start.Add(time.Duration(i) * time.Hour)})
						return err
					})
				}
			}
			if err == nil {
				err = d.Write(b.Context(), func(tx *db.Tx) error {
					_, err := s.Received(b.Context(), tx, warehouse, caseID, "")
					return err
				})
			}
			if err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "parcels/s")
}
