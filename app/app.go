// Package app composes the program: it opens the installation, knows every
// package, and runs the parts that a process was asked to run.
//
// It owns the order in which things start and stop, the list of tables, and
// what happens at the first start. It holds no business rule. Nothing in a
// process's memory is needed by another, and a process that dies at any
// instruction loses nothing that was acknowledged.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/platform/blob"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/secret"
)

// Unavailable says that something this program needs does not answer. It is
// worth trying again.
type Unavailable struct {
	What string // "database", "message stream"
	Err  error
}

func (u *Unavailable) Error() string { return u.What + " is not available: " + u.Err.Error() }
func (u *Unavailable) Unwrap() error { return u.Err }

// House is an opened installation: its database, keys and files.
type House struct {
	Version string // of the program
	Config  *config.Config
	Log     *slog.Logger
	DB      *db.DB
	Keys    *secret.Keys
	Blobs   *blob.Store

	closing []func() error // before the database
}

// Open opens the installation and brings its tables up to date. It creates the
// data folder, the keys and the database where there are none. It fails with
// *Unavailable when the database does not answer.
func Open(ctx context.Context, cfg *config.Config, log *slog.Logger) (_ *House, err error) {
	h := &House{Config: cfg, Log: log}
	defer func() {
		if err != nil {
			_ = h.Close()
		}
	}()
	if err := private(cfg.Data); err != nil {
		return nil, err
	}
	if h.Keys, err = OpenKeys(cfg); err != nil {
		return nil, err
	}
	if h.DB, err = db.Open(ctx, cfg.DatabaseURL(), db.Options{Keys: h.salts}); err != nil {
		return nil, &Unavailable{"the database", err}
	}
	applied, err := h.DB.Migrate(ctx, Schemas())
	if err != nil {
		return nil, fmt.Errorf("bringing the tables up to date: %w", err)
	}
	if applied > 0 {
		log.InfoContext(ctx, "tables brought up to date", "files", applied)
	}
	if err := h.claimKeys(ctx); err != nil {
		return nil, err
	}
	if h.Blobs, err = blob.Open(cfg.BlobFolder()); err != nil {
		return nil, err
	}
	return h, nil
}

// private makes the data folder, closed to other users of the machine.
func private(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// Close closes what is open.
func (h *House) Close() error {
	var errs []error
	for _, end := range h.closing {
		errs = append(errs, end())
	}
	if h.DB != nil {
		errs = append(errs, h.DB.Close())
	}
	return errors.Join(errs...)
}
