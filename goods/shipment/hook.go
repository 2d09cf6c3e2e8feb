package shipment

import (
	"context"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

// Heed takes a webhook of an adapter for a tenant, of the shop's account where
// one is named, and returns the answer that
// the carrier expects. All scans of a message count, or none; the same message
// again changes nothing. It refuses with ErrCarrier, ErrForged and ErrHook.
func (s *Service) Heed(ctx context.Context, tenant, carrier, account string, h Hook) ([]byte, error) {
	adapter, err := s.keptOf(ctx, tenant, carrier, account)
	if err != nil {
		return nil, err
	}
	if adapter == nil {
		return nil, ErrCarrier.With("carrier", carrier)
	}
	h.At = s.Store.Now()
	said, err := adapter.Hear(h)
	if err != nil {
		return nil, err
	}
	err = s.Store.Write(ctx, func(tx *db.Tx) error {
		if said.ID != "" {
			fresh, err := heard(ctx, tx, tenant, strings.TrimSuffix(carrier+"/"+account, "/"), said.ID)
			if err != nil || !fresh {
				return err
			}
		}
		by := s.hand(tenant, carrier)
		for _, t := range said.Scans[:min(len(said.Scans), mostScans)] {
			if err := s.report(ctx, tx, by, t.Tracking, t.Scan); err != nil {
				return err
			}
		}
		return nil
	})
	return said.Reply, err
}
