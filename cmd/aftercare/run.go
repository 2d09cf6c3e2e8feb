package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/base/fault"
)

// Exit statuses.
const (
	statusOK          = 0
	statusFailed      = 1
	statusUsage       = 2
	statusRefused     = 3
	statusUnavailable = 4
	statusInterrupted = 130
)

const statusHelp = `Exit statuses: 0 done · 1 failed · 2 wrong arguments or settings · 3 refused or not found ·
4 the database, the stream or the server is not available · 130 interrupted.`

// program is one run of the command line.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string
	version        string
}

// usageError is a mistake in the arguments.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usage(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// run does what the arguments say and returns the exit status. An error is one
// line on stderr.
func (p *program) run(ctx context.Context, args []string) int {
	root := p.root()
	root.SetArgs(args)
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return statusOK
	}
	status, text := p.explain(ctx, err)
	if text != "" {
		fmt.Fprintln(p.stderr, "aftercare: "+text)
	}
	return status
}

func (p *program) explain(ctx context.Context, err error) (int, string) {
	var (
		wrong       usageError
		setting     *config.Error
		unavailable *app.Unavailable
		refused     *fault.Fault
		silent      silentError
	)
	text := strings.Join(strings.Fields(err.Error()), " ")
	switch {
	case errors.As(err, &silent):
		return statusFailed, ""
	case errors.As(err, &wrong):
		return statusUsage, text
	case errors.As(err, &setting):
		return statusUsage, "configuration: " + text
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return statusInterrupted, "interrupted"
	case errors.As(err, &unavailable):
		return statusUnavailable, text + " (\"aftercare doctor\" looks closer)"
	case errors.As(err, new(unreachable)):
		return statusUnavailable, text
	case errors.As(err, &refused):
		return statusRefused, inWords(refused)
	case errors.Is(err, app.ErrServed), errors.As(err, new(refusal)):
		return statusRefused, text
	}
	return statusFailed, text
}

// refusal is an error that ends with the status for refusals.
type refusal struct{ error }

func (r refusal) Unwrap() error { return r.error }

// silentError is a failure that has been printed already.
type silentError struct{}

func (silentError) Error() string { return "failed" }

// inWords prints a refusal with the fields that are wrong.
func inWords(f *fault.Fault) string {
	var b strings.Builder
	b.WriteString(f.Title)
	if f.Detail != "" {
		b.WriteString(" " + f.Detail)
	}
	for _, field := range f.Fields {
		fmt.Fprintf(&b, " %s %s", field.Field, field.Message)
		if field.Expected != "" {
			b.WriteString(" (" + field.Expected + ")")
		}
		b.WriteString(".")
	}
	return fmt.Sprintf("%s [%s]", b.String(), f.Code)
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "aftercare",
		Short: "After-sales service for shops, brands and marketplaces",
		Long: `Aftercare takes a customer from "something is wrong with what I bought" to a fair
and provable outcome. This one program is the server, the workers and the tools.

` + statusHelp,
		Example: `  aftercare serve --demo --data /tmp/shop     a shop to look at
  aftercare serve                             SQLite in ./data, http://127.0.0.1:8080
  aftercare serve --database postgres://aftercare:…@db/aftercare --nats nats://bus:4222
  aftercare doctor                            what is wrong, and what to do`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       p.version,
	}
	root.SetVersionTemplate("aftercare {{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if cmd.Flags().Lookup("server") != nil && strings.Contains(err.Error(), ": --tenant") {
			return usage("%s asks a running server, which knows a shop by its host: --server https://HOST or --host HOST (\"aftercare shop list\" names them)", cmd.CommandPath())
		}
		return usage("%s (\"%s --help\" lists the flags)", err, cmd.CommandPath())
	})
	root.PersistentFlags().String(config.FileFlag, "", "configuration file (default: aftercare.yaml in the data folder)")
	root.CompletionOptions.HiddenDefaultCmd = false
	root.AddCommand(
		p.serveCommand(), p.workCommand(), p.migrateCommand(), p.demoCommand(),
		p.importCommand(), p.quoteCommand(), p.rightsCommand(), p.policyCommand(), p.shopCommand(), p.userCommand(), p.keyCommand(), p.jobCommand(), p.eventCommand(), p.caseCommand(), p.doctorCommand(), p.auditCommand(), p.logCommand(), p.secretCommand(), p.verifyCommand(), p.backupCommand(), p.restoreCommand(), p.versionCommand(), p.docsCommand(),
	)
	refuseUnknown(root)
	return root
}

// refuseUnknown makes a command that only groups others say so.
func refuseUnknown(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		refuseUnknown(sub)
	}
	if cmd.HasSubCommands() && cmd.RunE == nil {
		cmd.Args = cobra.ArbitraryArgs
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			hint := ""
			cmd.SuggestionsMinimumDistance = 2
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				hint = " (did you mean " + strings.Join(near, " or ") + "?)"
			}
			return usage("unknown command %q for %q%s; \"%s --help\" lists them", args[0], cmd.CommandPath(), hint, cmd.CommandPath())
		}
	}
}

// exactly checks the number of arguments and names them in the refusal.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == len(names) {
			for i, arg := range args {
				if strings.TrimSpace(arg) == "" { // as when a script's variable is not set
					return usage("%s: %s is empty (\"%s --help\" shows examples)", cmd.CommandPath(), names[i], cmd.CommandPath())
				}
			}
			return nil
		}
		want := "no arguments"
		if len(names) > 0 {
			want = strings.Join(names, " ")
		}
		got := fmt.Sprintf("%d arguments were", len(args))
		switch len(args) {
		case 0:
			got = "none was"
		case 1:
			got = fmt.Sprintf("%q was", args[0])
		}
		return usage("%s takes %s; %s given (\"%s --help\" shows examples)", cmd.CommandPath(), want, got, cmd.CommandPath())
	}
}
