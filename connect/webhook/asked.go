package webhook

import (
	"context"
	"sync"

	"github.com/aftercare/aftercare/platform/db"
)

// asked remembers the endpoints that the transaction under way has read: the
// events of one transaction of the follower find the same ones, for it changes
// none. It knows nothing of other transactions.
type asked struct {
	mu    sync.Mutex
	tx    *db.Tx
	shops map[string][]Endpoint
}

func (a *asked) all(ctx context.Context, tx *db.Tx, tenant string) ([]Endpoint, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.tx != tx {
		a.tx, a.shops = tx, map[string][]Endpoint{}
	}
	if known, found := a.shops[tenant]; found {
		return known, nil
	}
	endpoints, err := all(ctx, tx, tenant)
	if err == nil {
		a.shops[tenant] = endpoints
	}
	return endpoints, err
}
