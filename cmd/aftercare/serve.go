package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
)

func (p *program) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server: API, pages, workers, relay",
		Long: `Runs the API, the pages, the workers and the relay in one process. Each can be
switched off. The first start makes the data folder, the keys and an administrator,
whose sign-in is printed once. SIGTERM or Ctrl-C stops it without losing anything.`,
		Example: `  aftercare serve
  aftercare serve --listen :8080 --data /var/lib/aftercare
  aftercare serve --database postgres://aftercare:…@db/aftercare --workers=false`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			return p.serve(cmd.Context(), cfg)
		},
	}
	config.AddFlags(cmd.Flags())
	return cmd
}

func (p *program) workCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "work",
		Short: "Run the workers only",
		Long: `Does jobs (deadlines, payouts, e-mails) beside one or more servers on the same
database. Any number may run. The relay may run here too: one process is elected.`,
		Example: `  aftercare work --database postgres://aftercare:…@db/aftercare --nats nats://bus:4222`,
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			cfg.HTTP, cfg.Workers = false, true
			return p.serve(cmd.Context(), cfg)
		},
	}
	config.AddFlags(cmd.Flags())
	return cmd
}

func (p *program) serve(ctx context.Context, cfg *config.Config) error {
	log := p.logger(cfg)
	for _, line := range cfg.Warnings() {
		log.Warn(line)
	}
	h, err := app.Open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer h.Close() //nolint:errcheck // Run has put everything down
	h.Version = p.version
	var welcome *app.Welcome
	if cfg.Demo {
		if err := p.tellDemo(ctx, h); err != nil {
			return err
		}
	}
	if cfg.HTTP {
		if welcome, err = h.Found(ctx); err != nil {
			return err
		}
	}
	err = h.Run(ctx, func(address string) {
		p.banner(cfg, address, welcome)
		p.homeless(ctx, h, where(cfg))
	})
	if ctx.Err() != nil && err == nil {
		return nil // asked to stop, and did
	}
	return err
}

// banner tells people where the server is, and the first sign-in once.
func (p *program) banner(cfg *config.Config, address string, welcome *app.Welcome) {
	if address != "" {
		at := cfg.Address()
		if cfg.BaseURL == "" {
			at = config.Reachable(address)
		}
		fmt.Fprintf(p.stdout, "\n  Aftercare %s\n\n  customers   %s/\n  staff       %s/console/\n  API         %s/docs\n", p.version, at, at, at)
	}
	if cfg.Demo && address != "" {
		p.demoSignIns()
	}
	if welcome != nil {
		fmt.Fprintf(p.stdout, "\n  First sign-in, shown only now:\n\n    e-mail    %s\n    password  %s\n\n  Lost it? aftercare user password %s%s\n", welcome.Email, welcome.Password, welcome.Email, where(cfg))
	}
	fmt.Fprintln(p.stdout)
}

// where is what other commands have to be told to find the same installation.
func where(cfg *config.Config) string {
	switch cfg.Source("data") {
	case "default", "environment AFTERCARE_DATA":
		return ""
	}
	return " --data " + cfg.Data
}

func (p *program) migrateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "migrate",
		Short:   "Bring the tables up to date, without serving",
		Example: "  aftercare migrate --database postgres://aftercare:…@db/aftercare",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.begin(cmd, func(_ context.Context, h *app.House) error {
				_, err := fmt.Fprintf(p.stdout, "the tables on %s are up to date\n", h.DB.Engine())
				return err
			})
		},
	}
	storeFlags(cmd)
	return cmd
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  exactly(),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(p.stdout, "aftercare %s (%s)\n", p.version, build())
			return err
		},
	}
}

// build names compiler, machine and the revision of the source.
func build() string {
	text := runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return text
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return text + ", source " + s.Value[:min(12, len(s.Value))]
		}
	}
	return text
}
