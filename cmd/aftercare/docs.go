package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
)

func (p *program) docsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "docs",
		Short: "Write the generated documents: settings, API, problems, events, states, commands",
		Example: `  aftercare docs config            the settings, as Markdown
  aftercare docs openapi           the API, as OpenAPI 3.1
  aftercare docs all docs          every document into a folder`,
	}
	for _, d := range p.documents() {
		cmd.AddCommand(&cobra.Command{
			Use: d.word, Short: d.short, Args: exactly(),
			RunE: func(*cobra.Command, []string) error { return d.write(p.stdout) },
		})
	}
	cmd.AddCommand(&cobra.Command{
		Use: "all DIR", Short: "Write every document into a folder", Args: exactly("DIR"),
		RunE: func(_ *cobra.Command, args []string) error { return p.writeDocuments(args[0]) },
	})
	return cmd
}

type document struct {
	word, file, short string
	write             func(w io.Writer) error
}

func (p *program) documents() []document {
	return []document{
		{"config", "settings.md", "Print all settings with their defaults", config.Document},
		{"sample", "aftercare.sample.yaml", "Print a configuration file with everything in it", config.Sample},
		{"openapi", "openapi.yaml", "Print the API as OpenAPI 3.1", app.WriteOpenAPI},
		{"problems", "problems.md", "Print every problem that the API may answer with", app.WriteProblems},
		{"events", "events.md", "Print every event that is announced", app.WriteEvents},
		{"states", "states.md", "Print the states of cases, parcels and payouts as diagrams", app.WriteStates},
		{"checks", "policy-checks.md", "Print every code of the policy checker", writeChecks},
		{"rights-checks", "rights-checks.md", "Print every code of mistakes in packs of rights", writeRightsChecks},
		{"cli", "cli.md", "Print every command with its flags", p.writeCommands},
	}
}

func (p *program) writeDocuments(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, d := range p.documents() {
		var b bytes.Buffer
		if err := d.write(&b); err != nil {
			return fmt.Errorf("document %s: %w", d.word, err)
		}
		if err := os.WriteFile(filepath.Join(dir, d.file), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	schemas, err := app.EventSchemas()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "events"), 0o755); err != nil {
		return err
	}
	for name, schema := range schemas {
		if err := os.WriteFile(filepath.Join(dir, "events", name+".json"), schema, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// writeCommands documents the command line in Markdown.
func (p *program) writeCommands(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# Commands\n\nMade by `aftercare docs cli`.\n\n" + statusHelp + "\n")
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		if cmd.Hidden || cmd.Name() == "help" || cmd.Parent() != nil && cmd.Parent().Name() == "completion" {
			return
		}
		fmt.Fprintf(&b, "\n## %s\n\n", cmd.CommandPath())
		text := cmd.Long
		if text == "" || cmd.Name() == "completion" {
			text = cmd.Short + "."
		}
		if cmd.Parent() == nil {
			text = cmd.Short + "."
		}
		b.WriteString(text + "\n\n```\n" + strings.TrimSpace(cmd.UseLine()) + "\n```\n")
		if cmd.Example != "" {
			b.WriteString("\nExamples:\n\n```sh\n" + unindent(cmd.Example) + "\n```\n")
		}
		if flags := cmd.LocalNonPersistentFlags().FlagUsages(); flags != "" && cmd.Name() != "serve" && cmd.Name() != "work" {
			b.WriteString("\nFlags:\n\n```\n" + strings.TrimRight(flags, "\n") + "\n```\n")
		} else if flags != "" {
			b.WriteString("\nFlags: every setting of [settings.md](settings.md).\n")
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	root := p.root()
	root.InitDefaultCompletionCmd()
	walk(root)
	_, err := io.WriteString(w, b.String())
	return err
}

func unindent(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, "  ")
	}
	return strings.Join(lines, "\n")
}
