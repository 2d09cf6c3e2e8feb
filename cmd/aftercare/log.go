package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/seal"
)

// logFlags are the flags to find an installation and the keys of its log.
func logFlags(cmd *cobra.Command) {
	storeFlags(cmd)
	config.AddFlags(cmd.Flags(), "log_key")
}

func (p *program) auditCommand() *cobra.Command {
	var seenFile string
	var files bool
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Compare the events with the sealed log and name the first difference",
		Long: `Checks that every event in the database is in the sealed log and the reverse, that
tiles, checkpoints and keys fit each other, and that the log is a continuation of
what it was at the last audit. What was seen is kept in a file beside the data folder
(DATA.seen.json); --seen names another one, and "none" keeps nothing. Keep it away from
the database, on another machine: only with it are an older copy, a fork, another key,
or a checkpoint or witness that was removed found, and who can change the file as well
can hide them.
May run beside the server. Ends with 1 if something is wrong; the file is then
left as it is.`,
		Example: "  aftercare audit\n  aftercare audit --seen /mnt/auditor/aftercare.json\n  aftercare audit --files --json",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				file, own := seenFile, seenFile == ""
				switch {
				case own:
					file = filepath.Clean(h.Config.Data) + ".seen.json"
				case file == "none":
					file = ""
				}
				before, err := readSeen(file)
				if err != nil {
					return err
				}
				m := p.meter("audit")
				defer m.end()
				report, err := h.Audit(ctx, before, files, func(done, of int64) { m.show("entries", done, of) })
				m.end()
				if err != nil {
					return err
				}
				if err := p.tellAudit(cmd, report); err != nil {
					return err
				}
				if report.Count > 0 {
					return silentError{}
				}
				err = writeSeen(file, report.Seen)
				if err != nil && own {
					fmt.Fprintf(p.stderr, "what was seen cannot be kept in %s (%v): name a file with --seen\n", file, err)
					return nil
				}
				if err == nil && own && before == nil && !wantsJSON(cmd) {
					fmt.Fprintf(p.stdout, "what was seen is kept in %s, for the next time; keep it away from the database\n", file)
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&seenFile, "seen", "", "file that keeps what was seen, made if missing; none: keep nothing (default DATA.seen.json, beside the data folder)")
	cmd.Flags().BoolVar(&files, "files", false, "read every photo of a case and compare it with what was sealed")
	logFlags(cmd)
	jsonFlag(cmd)
	return cmd
}

func readSeen(path string) (*seal.Seen, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var s seal.Seen
	if err := json.Unmarshal(text, &s); err != nil || s.Origin == "" {
		return nil, usage("%s is not a file of aftercare audit", path)
	}
	return &s, nil
}

// writeSeen replaces the file as a whole.
func writeSeen(path string, s seal.Seen) error {
	if path == "" {
		return nil
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".seen-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // it has been renamed
	_, err = f.Write(append(text, '\n'))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func (p *program) tellAudit(cmd *cobra.Command, r seal.Report) error {
	if wantsJSON(cmd) {
		return printJSON(p.stdout, r)
	}
	fmt.Fprintf(p.stdout, "log %s: %d entries; %d events, %d not sealed yet, %d older than the log, %d with an erased body\n", r.Origin, r.Size, r.Events, r.Unsealed, r.Adopted, r.Erased)
	for _, f := range r.Findings {
		fmt.Fprintf(p.stdout, "%-11s %s\n", f.Kind, f.Text)
	}
	switch {
	case r.Count > len(r.Findings):
		fmt.Fprintf(p.stdout, "… and %d more\n", r.Count-len(r.Findings))
	case r.Count == 0 && r.Before > 0:
		fmt.Fprintf(p.stdout, "nothing is wrong, and the log continues the %d entries seen before\n", r.Before)
	case r.Count == 0:
		fmt.Fprintln(p.stdout, "nothing is wrong")
	}
	return nil
}

func (p *program) logCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "log",
		Short:   "The sealed log: how far it is, and the keys that sign it",
		Example: "  aftercare log status\n  aftercare log key list\n  aftercare log key rotate",
	}
	key := &cobra.Command{
		Use:     "key",
		Short:   "Keys that sign the log: list, rotate, retire",
		Example: "  aftercare log key rotate\n  aftercare log key retire shop.example/log+1f2e3d4c+AT9x…",
	}
	key.AddCommand(
		p.logVerb("list", "List the public keys", "  aftercare log key list --json", exactly(), p.logKeys),
		p.logVerb("rotate", "Add a fresh key; the old ones go on signing until they are retired", "  aftercare log key rotate --data /var/lib/aftercare", exactly(), func(_ *cobra.Command, ctx context.Context, l *seal.Log, _ *app.House, _ []string) error {
			verifier, err := l.Rotate(ctx, actor.Of(tenant.Default))
			if err == nil {
				fmt.Fprintln(p.stdout, verifier)
			}
			return err
		}),
		p.logVerb("retire KEY", "Let a key sign nothing any more", "  aftercare log key retire shop.example/log+1f2e3d4c+AT9x…", exactly("KEY"), func(_ *cobra.Command, ctx context.Context, _ *seal.Log, h *app.House, args []string) error {
			return h.DB.Write(ctx, func(tx *db.Tx) error { return seal.Retire(ctx, tx, actor.Of(tenant.Default), args[0]) })
		}),
	)
	cmd.AddCommand(key, p.logVerb("status", "Tell how far the log is", "  aftercare log status --data /var/lib/aftercare", exactly(), func(cmd *cobra.Command, ctx context.Context, l *seal.Log, _ *app.House, _ []string) error {
		s, err := l.Status(ctx)
		if err != nil {
			return err
		}
		if wantsJSON(cmd) {
			return printJSON(p.stdout, s)
		}
		_, err = fmt.Fprintf(p.stdout, "log %s: %d entries, %d events not sealed yet (oldest waits %s), last sealed %s\n", s.Origin, s.Size, s.Unsealed, s.Lag, s.SealedAt.Format("2006-01-02 15:04:05 MST"))
		return err
	}))
	return cmd
}

type logAction func(cmd *cobra.Command, ctx context.Context, l *seal.Log, h *app.House, args []string) error

func (p *program) logVerb(use, short, example string, args cobra.PositionalArgs, do logAction) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Example: example, Args: args,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				l, err := h.Sealed(nil)
				if err != nil {
					return err
				}
				return do(cmd, ctx, l, h, args)
			})
		},
	}
	logFlags(cmd)
	jsonFlag(cmd)
	return cmd
}

func (p *program) logKeys(cmd *cobra.Command, ctx context.Context, _ *seal.Log, h *app.House, _ []string) error {
	var keys []seal.Key
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) { keys, err = seal.Keys(ctx, tx); return err })
	if err != nil {
		return err
	}
	if wantsJSON(cmd) {
		return printJSON(p.stdout, keys)
	}
	var rows [][]string
	for _, k := range keys {
		retired := ""
		if !k.RetiredAt.IsZero() {
			retired = k.RetiredAt.Format("2006-01-02 15:04")
		}
		rows = append(rows, []string{k.Verifier, fmt.Sprint(k.Since), k.AddedAt.Format("2006-01-02 15:04"), dash(retired)})
	}
	return printTable(p.stdout, "the log has not begun", []string{"KEY", "SINCE ENTRY", "ADDED", "RETIRED"}, rows)
}
