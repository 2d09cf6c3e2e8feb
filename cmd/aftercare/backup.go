package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/backup"
	"github.com/aftercare/aftercare/app/config"
)

// saved are the files of the data folder that a backup holds.
var saved = []string{"blobs", "keys", "testpay", "aftercare.yaml"}

func (p *program) backupCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Save everything in one file, while the server runs",
		Long: `Saves every row as of one moment, the stored files, the keys and the configuration
file. FILE ends in .tar.zst or .tar.gz and can be restored into SQLite or
PostgreSQL, whichever it came from. It holds the master key: keep it safe.`,
		Example: "  aftercare backup /backup/aftercare-$(date +%F).tar.zst --data /var/lib/aftercare",
		Args:    exactly("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !strings.HasSuffix(args[0], ".zst") && !strings.HasSuffix(args[0], ".gz") {
				return usage("%s: write a name that ends in .tar.zst or .tar.gz", args[0])
			}
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				m := p.meter("backup")
				defer m.end()
				made, err := backup.Create(ctx, args[0], backup.Source{
					DB: h.DB, Data: h.Config.Data, Paths: saved, Version: p.version, Progress: m.show,
				})
				if err != nil {
					return fmt.Errorf("backup: %w", err)
				}
				m.end()
				rows, files := made.Count()
				_, err = fmt.Fprintf(p.stdout, "%s: %d rows of %d tables, %d files, as of %s\n", args[0], rows, len(made.Rows), files, made.Head.CreatedAt.Format("2006-01-02 15:04:05 MST"))
				return err
			})
		},
	}
	storeFlags(cmd)
	return cmd
}

func (p *program) restoreCommand() *cobra.Command {
	var force, check bool
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in place",
		Long: `Checks every checksum of FILE, then fills an empty data folder and database. With
--force it replaces what is there: a data folder is kept beside the new one, the
rows of a PostgreSQL database are replaced in one transaction. Stop the server first.`,
		Example: `  aftercare restore /backup/aftercare-2026-11-21.tar.zst --data /var/lib/aftercare
  aftercare restore b.tar.zst --data /srv/data --database postgres://aftercare:…@db/aftercare
  aftercare restore b.tar.zst --check`,
		Args: exactly("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := os.Stat(args[0]); err != nil {
				return usage("%s cannot be read: %s", args[0], reason(err))
			}
			m := p.meter("restore")
			defer m.end()
			if check {
				made, err := backup.Verify(cmd.Context(), args[0], m.show)
				if err != nil {
					return err
				}
				m.end()
				return p.tellBackup("is whole", args[0], made)
			}
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			return p.restore(cmd.Context(), cfg, args[0], force, m)
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace what is there")
	cmd.Flags().BoolVar(&check, "check", false, "only check the file")
	storeFlags(cmd)
	return cmd
}

func (p *program) restore(ctx context.Context, cfg *config.Config, file string, force bool, m *meter) error {
	lock, err := app.TakeLock(cfg.Data)
	if err != nil {
		return err
	}
	defer lock.Release() //nolint:errcheck // the process ends
	to := backup.Target{Data: cfg.Data, File: "aftercare.db", Schemas: app.Schemas(), Force: force, Progress: m.show}
	if cfg.Database != "" {
		to.URL = cfg.DatabaseURL()
	}
	done, err := backup.Restore(ctx, file, to)
	m.end()
	if errors.Is(err, backup.ErrNotEmpty) {
		return refusal{fmt.Errorf("%w; nothing was changed (--force replaces it)", err)}
	}
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if done.Kept != "" {
		fmt.Fprintf(p.stdout, "the former data folder is now %s\n", filepath.Clean(done.Kept))
	}
	return p.tellBackup("is in place", file, done.Manifest)
}

func (p *program) tellBackup(what, file string, m backup.Manifest) error {
	rows, files := m.Count()
	_, err := fmt.Fprintf(p.stdout, "%s %s: %d rows, %d files, saved %s by version %s\n", file, what, rows, files, m.Head.CreatedAt.Format("2006-01-02 15:04:05 MST"), m.Head.Version)
	return err
}
