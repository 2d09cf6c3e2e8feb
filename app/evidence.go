package app

import (
	"context"
	"io"

	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/connect/clamd"
)

// evidence keeps what customers and staff upload; with a ClamAV daemon nothing
// is shown before it has looked at it.
func (h *House) evidence() *evidence.Service {
	s := evidence.New(h.DB, h.Blobs)
	if h.Config.Clamd == "" {
		return s
	}
	daemon, err := clamd.New(h.Config.Clamd.Reveal())
	s.Scan = func(ctx context.Context, file io.Reader) (string, error) {
		if err != nil { // an address that cannot be used must not let a file through
			return "", err
		}
		return daemon.Scan(ctx, file)
	}
	return s
}
