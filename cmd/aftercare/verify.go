package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/care/record"
	"github.com/aftercare/aftercare/platform/seal/bundle"
)

func (p *program) verifyCommand() *cobra.Command {
	trust := bundle.Trust{Print: record.Print}
	cmd := &cobra.Command{
		Use:   "verify FILE",
		Short: "Check the evidence of a case, without network and database",
		Long: `Says what the file proves, what it does not and why. Give the key of the log as the
shop publishes it (/log/keys) or as you noted it before: a file cannot vouch for its
own key. Ends with 1 if anything is false.`,
		Example: `  aftercare verify evidence-case_06h0….zip
  aftercare verify evidence.zip --key shop.example/log+1f2e3d4c+AT9x… --json`,
		Args: exactly("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := os.Open(args[0])
			if err != nil {
				return usage("%s cannot be read: %s", args[0], reason(err))
			}
			defer f.Close() //nolint:errcheck // it was only read
			about, err := f.Stat()
			if err != nil {
				return err
			}
			result, err := bundle.Verify(f, about.Size(), trust)
			if err != nil {
				return err
			}
			return p.tellVerdict(cmd, args[0], result)
		},
	}
	cmd.Flags().StringArrayVar(&trust.Keys, "key", nil, "public key of the log that you trust (several times for several)")
	cmd.Flags().StringArrayVar(&trust.Witnesses, "witness", nil, "public key of a witness that you trust")
	jsonFlag(cmd)
	return cmd
}

func (p *program) tellVerdict(cmd *cobra.Command, file string, r bundle.Result) error {
	if wantsJSON(cmd) {
		if err := printJSON(p.stdout, r); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(p.stdout, "case %s, log %s\n", r.Case, r.Origin)
		counts := map[string]int{}
		for _, s := range r.Statements {
			counts[s.Verdict]++
			fmt.Fprintf(p.stdout, "%-10s  %s: %s\n", s.Verdict, s.About, s.Text)
		}
		verdict := "nothing in it is false"
		if !r.Good {
			verdict = "it does not prove what it claims"
		}
		fmt.Fprintf(p.stdout, "%s: %s (%d proven, %d not proven, %d false)\n", file, verdict, counts[bundle.Proven], counts[bundle.Unproven], counts[bundle.False])
	}
	if !r.Good {
		return silentError{}
	}
	return nil
}
