package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/care/cases"
)

// stamp is how moments are written: with their zone, for the case's own words
// name the customer's.
const stamp = "2006-01-02 15:04 MST"

// tellCase prints a case for people, or as it came for programs.
func (p *program) tellCase(cmd *cobra.Command, v cases.View, raw []byte) error {
	if wantsJSON(cmd) {
		return printJSON(p.stdout, json.RawMessage(raw))
	}
	fmt.Fprintf(p.stdout, "%s  %s  %s  version %d\norder %s", v.Number, v.Kind, v.State, v.Version, v.Order.Number)
	if v.Customer != nil {
		fmt.Fprintf(p.stdout, ", %s %s", v.Customer.Name, v.Customer.Email)
	}
	fmt.Fprintf(p.stdout, "\n%s\n", v.Next.Text)
	for _, t := range v.Timers {
		fmt.Fprintln(p.stdout, timerLine(t))
	}
	rows := [][]string{}
	for _, it := range v.Items {
		rows = append(rows, []string{strconv.Itoa(it.Line), strconv.FormatInt(it.Quantity, 10), shortened(it.Title, 40), it.Reason.Text, it.State})
	}
	fmt.Fprintln(p.stdout)
	if err := printTable(p.stdout, "no goods", []string{"LINE", "UNITS", "GOODS", "REASON", "STATE"}, rows); err != nil {
		return err
	}
	tellWays(p.stdout, v)
	fmt.Fprintln(p.stdout)
	if err := tellMoney(p.stdout, v.Money); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout)
	for _, a := range v.Actions {
		text := "possible"
		if a.Allowed && len(a.Fields) > 0 {
			text += ", asks for " + strings.Join(a.Fields, ", ")
		}
		if a.Reason != nil {
			text = "not now: " + a.Reason.Text
		}
		fmt.Fprintf(p.stdout, "  %-12s %s\n", a.Action, text)
	}
	return nil
}

// timerLine says by when, how long that is, and what happens then; of a deadline
// that rests, what is left of it.
func timerLine(t cases.TimerView) string {
	left := lasting(time.Duration(t.RemainingSeconds) * time.Second)
	if t.Deadline == nil {
		return fmt.Sprintf("deadline %s paused, %s left: %s", t.Name, left, t.OnExpiry.Text)
	}
	return fmt.Sprintf("deadline %s %s, in %s: %s", t.Name, t.Deadline.Local().Format(stamp), left, t.OnExpiry.Text)
}

func lasting(d time.Duration) string {
	days, hours := int(d/(24*time.Hour)), int(d%(24*time.Hour)/time.Hour)
	if days > 0 {
		return fmt.Sprintf("%d d %d h", days, hours)
	}
	return fmt.Sprintf("%d h %d min", hours, int(d%time.Hour/time.Minute))
}

// tellWays prints what goes either way: parcels, the replacement, open offers.
func tellWays(w io.Writer, v cases.View) {
	for _, x := range v.Parcels {
		fmt.Fprintf(w, "parcel %s %s %s %s\n", x.Direction, x.Carrier, x.Tracking, x.State)
	}
	if x := v.Exchange; x != nil {
		for _, it := range x.Items {
			fmt.Fprintf(w, "instead %d × %s  %s\n", it.Quantity, shortened(it.Title, 40), x.State)
		}
		if x.Due != nil {
			fmt.Fprintf(w, "to be paid by the customer %s\n", x.Due.Display())
		}
	}
	for _, o := range v.Offers {
		amount := ""
		if o.Amount != nil {
			amount = " of " + o.Amount.Display()
		}
		fmt.Fprintf(w, "offer of the %s: %s%s, %s\n", o.Side, o.Kind, amount, o.State)
	}
}

// tellMoney prints the refund as the server reckons it, where it goes, and what
// became of it.
func tellMoney(w io.Writer, m cases.MoneyView) error {
	rows := [][]string{}
	add := func(what string, a money.Amount, note string) { rows = append(rows, []string{what, a.Display(), note}) }
	for _, c := range m.Quoted.Components {
		add("  "+c.Text, c.Amount, c.Ground)
	}
	add("refund", m.Quoted.Total, "")
	for _, t := range m.Quoted.Tenders {
		add("  to "+strings.TrimSpace(t.Kind+" "+t.Label), t.Amount, "")
	}
	if err := printTable(w, "", []string{"MONEY", "AMOUNT", "GROUND"}, rows); err != nil {
		return err
	}
	for _, text := range m.Quoted.More {
		fmt.Fprintln(w, text)
	}
	fmt.Fprintf(w, "promised %s, reserved %s, paid %s\n", m.Quoted.Total.Display(), m.Reserved.Display(), m.Paid.Display())
	for _, p := range m.Payouts {
		fmt.Fprintf(w, "payout %s %s of %s to %s: %s\n", p.ID, p.Purpose, p.Amount.Display(), p.Tender.Kind, strings.TrimSpace(p.State+" "+p.LastError))
	}
	return nil
}

func when(t *time.Time) string {
	if t == nil {
		return "–"
	}
	return t.Local().Format("2006-01-02 15:04")
}
