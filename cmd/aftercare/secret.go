package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

func (p *program) secretCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "secret",
		Short: "The master key that seals secrets: what uses it, change it, drop the old one",
		Example: `  aftercare secret rotate --data /var/lib/aftercare
  aftercare secret status
  aftercare secret drop 1f2e3d4c5b6a7988`,
	}
	cmd.AddCommand(p.secretStatus(), p.secretRotate(), p.secretDrop())
	return cmd
}

func (p *program) secretStatus() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "status",
		Short:   "List the master keys with what each has sealed",
		Example: "  aftercare secret status --json",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				var all []app.MasterKey
				err := h.DB.Read(ctx, func(tx *db.Tx) (err error) { all, err = app.MasterKeys(ctx, tx, h.Keys); return err })
				if err != nil {
					return err
				}
				if wantsJSON(cmd) {
					return printJSON(p.stdout, all)
				}
				rows := [][]string{}
				for _, m := range all {
					rows = append(rows, []string{m.ID, m.State(h.DB.Now()), fmt.Sprint(m.Sealed()), dash(places(m.Values))})
				}
				return printTable(p.stdout, "no keys", []string{"KEY", "STATE", "VALUES", "WHERE"}, rows)
			})
		},
	}
	jsonFlag(cmd)
	storeFlags(cmd)
	return cmd
}

func places(values map[string]int64) string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		words = append(words, fmt.Sprintf("%s %d", name, values[name]))
	}
	return strings.Join(words, ", ")
}

func (p *program) secretRotate() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rotate",
		Short: "Seal with a fresh master key from now on",
		Long: `Makes a master key beside the old one (keys/master-NAME.key) and lets it write. Running
servers follow within seconds; their workers seal again what the old key had sealed.
The old key reads until it is dropped. May be called again when it was cut off.

Where master_key is a setting, first write a new key into master_key_more of every
process and restart them; this command then lets that one write.`,
		Example: "  aftercare secret rotate --data /var/lib/aftercare",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				old := h.Keys.ID()
				id, err := h.RotateKeys(ctx, actor.Of(tenant.Default))
				if err != nil {
					return err
				}
				fmt.Fprintf(p.stdout, "master key %s writes from now on; %s still reads\n", id, old)
				_, err = fmt.Fprintln(p.stdout, `back up the keys folder now; "aftercare secret status" shows when the old key is not needed any more`)
				return err
			})
		},
	}
	storeFlags(cmd)
	return cmd
}

func (p *program) secretDrop() *cobra.Command {
	var now bool
	cmd := &cobra.Command{
		Use:   "drop KEY",
		Short: "Give up a master key that nothing uses any more",
		Long: `Removes the file of a master key that wrote before. Refused while anything is sealed
with it, and for seven days after it wrote last, because links in messages may be
signed with it: --now ends those links at once, which is right for a key that was
stolen. Where master_key is a setting, remove the key there afterwards.`,
		Example: "  aftercare secret drop 1f2e3d4c5b6a7988",
		Args:    exactly("KEY"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				if err := h.DropKey(ctx, actor.Of(tenant.Default), args[0], now); err != nil {
					return err
				}
				told := "dropped"
				if !h.Keys.FromFiles() {
					told = "nothing uses it any more: remove it from master_key or master_key_more of every process"
				}
				_, err := fmt.Fprintln(p.stdout, told)
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&now, "now", false, "do not wait for links that may be signed with it")
	storeFlags(cmd)
	return cmd
}
