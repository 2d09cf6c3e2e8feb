package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/spf13/pflag"

	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/quality/backtest"
)

// WriteOpenAPI writes the API as OpenAPI 3.1, as an installation that is made
// for it and thrown away would serve it.
func WriteOpenAPI(w io.Writer) error {
	cfg, err := config.Load(pflag.NewFlagSet("", pflag.ContinueOnError), nil)
	if err != nil {
		return err
	}
	if cfg.Data, err = os.MkdirTemp("", "aftercare-docs-*"); err != nil {
		return err
	}
	defer os.RemoveAll(cfg.Data)
	h, err := Open(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer h.Close() //nolint:errcheck // it is thrown away
	s, err := h.wire(nil)
	if err != nil {
		return err
	}
	raw, err := s.api.YAML()
	if err != nil {
		return err
	}
	_, err = w.Write(raw)
	return err
}

// WriteProblems writes every refusal that exists, in Markdown.
func WriteProblems(w io.Writer) error { return httpapi.ProblemsMarkdown(w) }

// WriteStates writes the life of everything that has states, as Mermaid
// diagrams in Markdown.
func WriteStates(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# States\n\nMade by `aftercare docs states` from the tables in each `state.go`. What is not drawn is not possible.\n")
	draw := func(title, start string, moves [][3]string) {
		fmt.Fprintf(&b, "\n## %s\n\n```mermaid\nstateDiagram-v2\n  [*] --> %s\n", title, start)
		left := map[string]bool{}
		for _, m := range moves {
			left[m[0]] = true
			fmt.Fprintf(&b, "  %s --> %s: %s\n", m[0], m[2], m[1])
		}
		var ends []string
		for _, m := range moves {
			if !left[m[2]] && !slices.Contains(ends, m[2]) {
				ends = append(ends, m[2])
				fmt.Fprintf(&b, "  %s --> [*]\n", m[2])
			}
		}
		b.WriteString("```\n")
	}
	var returns, payouts, parcels, charges [][3]string
	for _, m := range cases.Moves {
		returns = append(returns, [3]string{string(m.From), string(m.Do), string(m.To)})
	}
	for _, m := range settlement.Moves {
		payouts = append(payouts, [3]string{string(m.From), string(m.On), string(m.To)})
	}
	for _, m := range shipment.Moves {
		parcels = append(parcels, [3]string{string(m.From), m.Verb, string(m.To)})
	}
	for _, m := range charge.Moves {
		charges = append(charges, [3]string{string(m.From), string(m.On), string(m.To)})
	}
	var trials [][3]string
	for _, m := range backtest.Moves {
		trials = append(trials, [3]string{string(m.From), string(m.Do), string(m.To)})
	}
	draw("Case (return and refund)", string(cases.Submitted), returns)
	draw("Parcel", string(shipment.LabelIssued), parcels)
	draw("Payout", string(settlement.Reserved), payouts)
	draw("Charge", string(charge.Due), charges)
	draw("Back-test", string(backtest.Queued), trials)
	_, err := io.WriteString(w, b.String())
	return err
}

// EventSchemas maps each type of event to the JSON Schema of its data.
func EventSchemas() (map[string][]byte, error) {
	registry := huma.NewMapRegistry("#/", huma.DefaultSchemaNamer)
	all := map[string][]byte{}
	for _, f := range facts {
		s := plain(registry, reflect.TypeOf(f.fact))
		s.Title, s.Description = f.name, f.meaning
		raw, err := json.MarshalIndent(s, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("event %s: %w", f.name, err)
		}
		all[f.name] = append(raw, '\n')
	}
	return all, nil
}

// WriteEvents writes the list of events in Markdown.
func WriteEvents(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`# Events

Made by ` + "`aftercare docs events`" + `. Each event is published to NATS JetStream as ` + "`aftercare.TENANT.TYPE`" + ` with the headers
` + "`Nats-Msg-Id`" + ` (the event's id) and ` + "`Aftercare-Position`" + ` (its place in the log, without gaps). Delivery is in order and at least
once: remember the position. Fields are only ever added. ` + "`data`" + ` follows the schema of its type.

| type | means | data |
|---|---|---|
`)
	for _, f := range facts {
		fmt.Fprintf(&b, "| `%s` | %s | [schema](events/%s.json) |\n", f.name, f.meaning, f.name)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// plain is the schema of a fact with everything it refers to written out.
func plain(registry huma.Registry, t reflect.Type) *huma.Schema {
	s := huma.SchemaFromType(registry, t)
	var resolve func(s *huma.Schema) *huma.Schema
	resolve = func(s *huma.Schema) *huma.Schema {
		if s == nil {
			return nil
		}
		if s.Ref != "" {
			s = registry.SchemaFromRef(s.Ref)
		}
		s.AdditionalProperties = nil // fields are added, readers must not mind
		for name, p := range s.Properties {
			s.Properties[name] = resolve(p)
		}
		s.Items = resolve(s.Items)
		return s
	}
	return resolve(s)
}
