package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/telemetry"
)

// storeKeys are the settings that commands besides serve and work need.
var storeKeys = []string{"data", "database", "master_key", "master_key_more", "log_level", "log_format"}

// storeFlags adds the flags to find an installation.
func storeFlags(cmd *cobra.Command) { config.AddFlags(cmd.Flags(), storeKeys...) }

func tenantFlag(cmd *cobra.Command) {
	cmd.Flags().String("tenant", tenant.Default, "shop, where one installation serves several")
}

// by is the actor of what is done on the command line.
func by(cmd *cobra.Command) actor.Actor {
	id, _ := cmd.Flags().GetString("tenant")
	return actor.Of(id)
}

func (p *program) settings(cmd *cobra.Command) (*config.Config, error) {
	return config.Load(cmd.Flags(), p.environ)
}

// logger writes to stderr: text for people, JSON for machines.
func (p *program) logger(cfg *config.Config) *slog.Logger {
	o := telemetry.LogOptions{Level: cfg.LogLevel, Format: cfg.LogFormat}
	if o.Format == "auto" {
		o.Format = ""
	}
	log, err := telemetry.Logger(p.stderr, o)
	if err != nil {
		panic(err) // Load has checked both
	}
	return log
}

// open reads the settings and opens the installation for one command, quietly:
// only warnings are logged unless asked for more.
func (p *program) open(cmd *cobra.Command) (*app.House, error) {
	cfg, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	if cfg.Source("log_level") == "default" {
		cfg.LogLevel = "warn"
	}
	h, err := app.Open(cmd.Context(), cfg, p.logger(cfg))
	if err == nil {
		h.Version = p.version
	}
	return h, err
}

// with opens the installation, calls fn and closes it. A folder without one is
// refused: it is mistyped far more often than meant, and an empty backup or "no
// such member of staff" would not say so.
func (p *program) with(cmd *cobra.Command, fn func(ctx context.Context, h *app.House) error) error {
	missing, err := p.missing(cmd)
	if err != nil {
		return err
	}
	if missing != "" {
		return usage("there is no installation in %s: name its folder with --data or AFTERCARE_DATA (\"aftercare serve\" begins one)", missing)
	}
	return p.begin(cmd, fn)
}

// beginHere is with for commands that may come before the first start; it says
// where it begins an installation.
func (p *program) beginHere(cmd *cobra.Command, fn func(ctx context.Context, h *app.House) error) error {
	missing, err := p.missing(cmd)
	if err != nil {
		return err
	}
	if missing != "" {
		fmt.Fprintf(p.stderr, "a new installation begins in %s; --data or AFTERCARE_DATA name another folder\n", missing)
	}
	return p.begin(cmd, fn)
}

// missing names the data folder if no database is in it; with PostgreSQL it
// never does.
func (p *program) missing(cmd *cobra.Command) (string, error) {
	cfg, err := p.settings(cmd)
	if err != nil {
		return "", err
	}
	if file, ok := strings.CutPrefix(cfg.DatabaseURL(), "sqlite:"); ok {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return filepath.Dir(file), nil
		}
	}
	return "", nil
}

// begin opens the installation, new or not, calls fn and closes it.
func (p *program) begin(cmd *cobra.Command, fn func(ctx context.Context, h *app.House) error) error {
	h, err := p.open(cmd)
	if err != nil {
		return err
	}
	defer h.Close() //nolint:errcheck // what was written is committed
	return fn(cmd.Context(), h)
}

// terminal reports whether people look at a stream.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
