package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/platform/db"
)

func (p *program) userCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "user",
		Short: "Staff accounts: create, list, password, disable, enable, second factors",
		Example: `  aftercare user create li.na@shop.example --name 李娜 --role agent
  aftercare user list
  aftercare user password admin@localhost`,
	}
	cmd.AddCommand(p.userCreate(), p.userList(), p.userPassword(), p.userState("disable", account.Disabled), p.userState("enable", account.Active), p.userFactor())
	return cmd
}

func (p *program) userCreate() *cobra.Command {
	var n account.New
	cmd := &cobra.Command{
		Use:     "create EMAIL",
		Short:   "Add a member of staff and print the password once",
		Example: "  aftercare user create li.na@shop.example --name 李娜 --role agent\n  pass show shop/li | aftercare user create li.na@shop.example --password-stdin",
		Args:    exactly("EMAIL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.beginHere(cmd, func(ctx context.Context, h *app.House) error {
				n.Email = args[0]
				if n.Name == "" {
					n.Name, _, _ = strings.Cut(n.Email, "@")
				}
				password, made, err := p.password(cmd)
				if err != nil {
					return err
				}
				accounts := h.Accounts()
				if n.Password, err = accounts.Password(ctx, n.Email, password); err != nil {
					return err
				}
				err = h.DB.Write(ctx, func(tx *db.Tx) error {
					_, err := accounts.Create(ctx, tx, by(cmd), n)
					return err
				})
				if err != nil {
					return err
				}
				return p.tellPassword(n.Email+" ("+n.Role+") can sign in", password, made)
			})
		},
	}
	cmd.Flags().StringVar(&n.Name, "name", "", "name, as colleagues see it (default: the part before @)")
	cmd.Flags().StringVar(&n.Role, "role", role.Agent, strings.Join(role.Roles, ", "))
	cmd.Flags().StringVar(&n.Seller, "seller", "", "seller id, for the role seller")
	cmd.Flags().StringVar(&n.Language, "language", locale.Languages[0], strings.Join(locale.Languages, ", "))
	_ = cmd.RegisterFlagCompletionFunc("role", cobra.FixedCompletions(role.Roles, cobra.ShellCompDirectiveNoFileComp))
	passwordFlag(cmd)
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}

func (p *program) userList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the staff",
		Example: "  aftercare user list --json",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				all, err := everybody(ctx, h, by(cmd).Tenant)
				if err != nil {
					return err
				}
				type person struct {
					ID, Email, Name, Role, Seller, State string
				}
				people := []person{}
				rows := [][]string{}
				for _, a := range all {
					people = append(people, person{a.ID, a.Email, a.Name, a.Role, a.Seller, string(a.State)})
					rows = append(rows, []string{a.Email, a.Name, a.Role, dash(a.Seller), string(a.State)})
				}
				if wantsJSON(cmd) {
					return printJSON(p.stdout, people)
				}
				return printTable(p.stdout, "no staff yet", []string{"E-MAIL", "NAME", "ROLE", "SELLER", "STATE"}, rows)
			})
		},
	}
	jsonFlag(cmd)
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}

func (p *program) userPassword() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "password EMAIL",
		Short:   "Give a member of staff a new password and end the sessions",
		Example: "  aftercare user password admin@localhost",
		Args:    exactly("EMAIL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				a, err := person(ctx, h, by(cmd).Tenant, args[0])
				if err != nil {
					return err
				}
				password, made, err := p.password(cmd)
				if err != nil {
					return err
				}
				accounts := h.Accounts()
				hashed, err := accounts.Password(ctx, a.Email, password)
				if err != nil {
					return err
				}
				err = h.DB.Write(ctx, func(tx *db.Tx) error { return accounts.SetPassword(ctx, tx, by(cmd), a.ID, hashed) })
				if err != nil {
					return err
				}
				return p.tellPassword(a.Email+" has a new password", password, made)
			})
		},
	}
	passwordFlag(cmd)
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}

func (p *program) userState(verb string, state account.State) *cobra.Command {
	cmd := &cobra.Command{
		Use:     verb + " EMAIL",
		Short:   map[account.State]string{account.Disabled: "Lock a member of staff out and end the sessions", account.Active: "Let a member of staff in again"}[state],
		Example: "  aftercare user " + verb + " li.na@shop.example",
		Args:    exactly("EMAIL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, h *app.House) error {
				a, err := person(ctx, h, by(cmd).Tenant, args[0])
				if err != nil {
					return err
				}
				err = h.DB.Write(ctx, func(tx *db.Tx) error {
					_, err := h.Accounts().Update(ctx, tx, by(cmd), a.ID, account.Change{State: &state})
					return err
				})
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(p.stdout, "%s is %s\n", a.Email, state)
				return err
			})
		},
	}
	tenantFlag(cmd)
	storeFlags(cmd)
	return cmd
}

// everybody reads the staff page by page.
func everybody(ctx context.Context, h *app.House, tenant string) (all []account.Account, err error) {
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		for after := ""; ; {
			some, err := account.Page(ctx, tx, tenant, after, 200)
			if err != nil || len(some) == 0 {
				return err
			}
			all = append(all, some...)
			after = some[len(some)-1].ID
		}
	})
	return all, err
}

func person(ctx context.Context, h *app.House, tenant, email string) (account.Account, error) {
	all, err := everybody(ctx, h, tenant)
	if err != nil {
		return account.Account{}, err
	}
	for _, a := range all {
		if strings.EqualFold(a.Email, email) {
			return a, nil
		}
	}
	return account.Account{}, account.ErrUnknown.Because(email + " is not on the staff list (aftercare user list).")
}

func passwordFlag(cmd *cobra.Command) {
	cmd.Flags().Bool("password-stdin", false, "read the password from standard input instead of making one")
}

// password reads one from stdin, or makes one up.
func (p *program) password(cmd *cobra.Command) (password string, made bool, err error) {
	if fromStdin, _ := cmd.Flags().GetBool("password-stdin"); !fromStdin {
		return id.Readable(20), true, nil
	}
	line, err := bufio.NewReader(io.LimitReader(p.stdin, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", false, fmt.Errorf("reading the password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", false, usage("--password-stdin was given, but standard input is empty")
	}
	return line, false, nil
}

func (p *program) tellPassword(what, password string, made bool) error {
	if !made {
		_, err := fmt.Fprintln(p.stdout, what)
		return err
	}
	_, err := fmt.Fprintf(p.stdout, "%s\npassword, shown only now: %s\n", what, password)
	return err
}
