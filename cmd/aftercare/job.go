package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

func (p *program) jobCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "job",
		Short: "Work for later: list, run again, discard",
		Example: `  aftercare job list --state dead
  aftercare job run job_06gzze38pxy1xe5dt981807gzm`,
	}
	cmd.AddCommand(p.jobList(), p.jobAct("run", "Try a job again now that failed"), p.jobAct("discard", "Give a dead job up for good"))
	return cmd
}

func (p *program) jobList() *cobra.Command {
	var state, after string
	var limit int
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List jobs in a state",
		Example: "  aftercare job list --state waiting --limit 20",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch job.State(state) {
			case job.Waiting, job.Running, job.Paused, job.Died:
			default:
				return usage("--state is %q: write waiting, running, paused or dead", state)
			}
			if limit < 1 || limit > 1000 {
				return usage("--limit is %d: write a number from 1 to 1000", limit)
			}
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				var jobs []job.Job
				err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
					jobs, err = job.Page(ctx, tx, by(cmd).Tenant, job.State(state), after, limit)
					return err
				})
				if err != nil {
					return err
				}
				if wantsJSON(cmd) {
					return printJSON(p.stdout, jobs)
				}
				rows := [][]string{}
				for _, j := range jobs {
					rows = append(rows, []string{j.ID, j.Kind, dash(j.Key), j.RunAt.Local().Format(time.DateTime), fmt.Sprintf("%d of %d", j.Attempt, j.MaxAttempts), dash(j.LastError)})
				}
				return printTable(p.stdout, "no "+state+" jobs", []string{"ID", "KIND", "KEY", "RUNS AT", "TRIED", "LAST ERROR"}, rows)
			})
		},
	}
	cmd.Flags().StringVar(&state, "state", string(job.Died), "waiting, running, paused or dead")
	cmd.Flags().StringVar(&after, "after", "", "id of the last job seen, for the next page")
	cmd.Flags().IntVar(&limit, "limit", 50, "jobs at most")
	jsonFlag(cmd)
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}

func (p *program) jobAct(verb, short string) *cobra.Command {
	cmd := &cobra.Command{
		Use:     verb + " ID",
		Short:   short,
		Example: "  aftercare job " + verb + " job_06gzze38pxy1xe5dt981807gzm",
		Args:    exactly("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				queue := job.NewQueue(h.DB, h.Log)
				err := h.DB.Write(ctx, func(tx *db.Tx) error { return queue.Act(ctx, tx, by(cmd).Tenant, args[0], verb) })
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(p.stdout, map[string]string{"run": "a worker takes it within a second", "discard": "discarded"}[verb])
				return err
			})
		},
	}
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}
