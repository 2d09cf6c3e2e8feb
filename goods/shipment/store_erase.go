package shipment

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// Erase forgets the customer's addresses on the parcels of a case, where they
// were fetched, and what carriers noted on the way (who signed, and where).
func Erase(ctx context.Context, tx *db.Tx, tenant, caseID string) error {
	_, err := tx.Exec(ctx, `
		update shipment_parcel set address = '{}' where tenant = $1 and case_id = $2 and direction <> 'return'`, tenant, caseID)
	if err != nil {
		return fmt.Errorf("addresses of the parcels of case %s: %w", caseID, err)
	}
	_, err = tx.Exec(ctx, `
		update shipment_booking set address = '{}', reason = ''
		where tenant = $1 and parcel in (select id from shipment_parcel where tenant = $1 and case_id = $2)`, tenant, caseID)
	if err != nil {
		return fmt.Errorf("addresses of the bookings of case %s: %w", caseID, err)
	}
	_, err = tx.Exec(ctx, `
		update shipment_scan set note = '', place = ''
		where tenant = $1 and parcel in (select id from shipment_parcel where tenant = $1 and case_id = $2)`, tenant, caseID)
	if err != nil {
		return fmt.Errorf("scans of the parcels of case %s: %w", caseID, err)
	}
	return nil
}
