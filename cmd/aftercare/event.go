package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/app"
)

func (p *program) eventCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "event",
		Short: "Events that a follower gave up on: list, run again, discard",
		Long: `A follower (figures, search, notices, webhooks, …) reacts to each event once. What
fails for six minutes is parked, so that the events behind it go on, and waits here
for a person: mend the cause, then run it again, or discard it. The event itself
stays in the log either way. May run beside the server.`,
		Example: `  aftercare event list
  aftercare event run notices 4711`,
	}
	cmd.AddCommand(p.eventList(), p.eventAct("run", "React to a parked event once more"), p.eventAct("discard", "Do without the reaction to a parked event"))
	return cmd
}

func (p *program) eventList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the parked events, oldest first",
		Example: "  aftercare event list --json",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				parked, err := h.Parked(ctx, by(cmd).Tenant)
				if err != nil {
					return err
				}
				if wantsJSON(cmd) {
					return printJSON(p.stdout, parked)
				}
				rows := [][]string{}
				for _, one := range parked {
					rows = append(rows, []string{one.Follower, fmt.Sprint(one.Event.Position), one.Event.Type, one.Event.Subject, one.ParkedAt.Local().Format(time.DateTime), one.Error})
				}
				return printTable(p.stdout, "no parked events", []string{"FOLLOWER", "POSITION", "EVENT", "ABOUT", "PARKED AT", "ERROR"}, rows)
			})
		},
	}
	jsonFlag(cmd)
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}

func (p *program) eventAct(verb, short string) *cobra.Command {
	cmd := &cobra.Command{
		Use:     verb + " FOLLOWER POSITION",
		Short:   short,
		Example: "  aftercare event " + verb + " notices 4711",
		Args:    exactly("FOLLOWER", "POSITION"),
		RunE: func(cmd *cobra.Command, args []string) error {
			position, err := strconv.ParseInt(args[1], 10, 64)
			if err != nil {
				return usage("POSITION is %q: write the number that \"aftercare event list\" shows", args[1])
			}
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				if err := h.Unpark(ctx, by(cmd).Tenant, args[0], position, verb == "discard"); err != nil {
					return err
				}
				_, err = fmt.Fprintln(p.stdout, map[string]string{"run": "done", "discard": "discarded"}[verb])
				return err
			})
		},
	}
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}
