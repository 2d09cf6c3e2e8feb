package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/app/doctor"
)

func (p *program) doctorCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look for what is wrong and say what to do",
		Long: `Checks settings, data folder, disk, keys, database, tables, clock, message stream,
mail server, built-in assets, jobs that gave up and parked events. Changes nothing; may run beside
the server. Takes the same flags as serve. Ends with 1 if something will not work.`,
		Example: "  aftercare doctor --data /var/lib/aftercare\n  aftercare doctor --json",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			all := []doctor.Finding{}
			worst := doctor.Examine(cmd.Context(), cfg, app.Schemas(), func(f doctor.Finding) {
				all = append(all, f)
				if !wantsJSON(cmd) {
					fmt.Fprintf(p.stdout, "%-5s %-20s %s\n", f.Status, f.Check, f.Found)
					if f.Do != "" {
						fmt.Fprintf(p.stdout, "%s→ %s\n", strings.Repeat(" ", 27), f.Do)
					}
				}
			})
			if wantsJSON(cmd) {
				if err := printJSON(p.stdout, map[string]any{"status": worst, "findings": all}); err != nil {
					return err
				}
			}
			if worst == doctor.Fail {
				return silentError{}
			}
			return nil
		},
	}
	config.AddFlags(cmd.Flags())
	jsonFlag(cmd)
	return cmd
}
