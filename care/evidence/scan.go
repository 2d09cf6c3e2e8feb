package evidence

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

// Scanner names the malware in a file, or says that there is none ("").
type Scanner func(ctx context.Context, file io.Reader) (found string, err error)

type scanArgs struct {
	Photo string `json:"photo"`
}

// scan asks for malware in a file that was just uploaded. While the scanner
// does not answer the file stays unseen, and it is asked again.
func (s *Service) scan(ctx context.Context, j job.Job) error {
	var args scanArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return job.Dead(fmt.Errorf("scan: %w", err))
	}
	var p Photo
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = byID(ctx, tx, j.Tenant, args.Photo)
		return err
	})
	if isUnknown(err) { // removed before its turn came
		return nil
	}
	if err != nil || p.Scan != ScanWaiting || s.Scan == nil {
		return err
	}
	file, err := s.blobs.Open(ctx, p.SHA256)
	if err != nil {
		return fmt.Errorf("scan photo %s: %w", p.ID, err)
	}
	defer file.Close()
	p.Found, err = s.Scan(ctx, file)
	if err != nil {
		return fmt.Errorf("scan photo %s: %w", p.ID, err)
	}
	if p.Scan = ScanClean; p.Found != "" {
		p.Scan = ScanFound
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return scanned(ctx, tx, p) })
}
