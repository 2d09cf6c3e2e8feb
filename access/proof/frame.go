package proof

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// frames refuses a session inside another site where the shop lists none.
func (s *Service) frames(ctx context.Context, tx *db.Tx, tenant string, asked bool) error {
	if !asked {
		return nil
	}
	if s.o.Framed == nil {
		return ErrFrame
	}
	on, err := s.o.Framed(ctx, tx, tenant)
	if err != nil {
		return fmt.Errorf("ask whether the portal is shown in frames: %w", err)
	}
	if !on {
		return ErrFrame
	}
	return nil
}
