package app_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/bus/bustest"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

// eachHouse runs a test on an empty installation of each engine.
func eachHouse(t *testing.T, args []string, test func(t *testing.T, cfg *config.Config)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		server := os.Getenv("AFTERCARE_TEST_POSTGRES")
		if engine == db.Postgres && server == "" {
			continue
		}
		t.Run(string(engine), func(t *testing.T) {
			all := append([]string{"--data", filepath.Join(t.TempDir(), "data"), "--listen", "127.0.0.1:0"}, args...)
			if engine == db.Postgres {
				all = append(all, "--database", dbtest.PostgresSchema(t, server))
			}
			test(t, settings(t, all...))
		})
	}
}

func settings(t *testing.T, args ...string) *config.Config {
	t.Helper()
	cfg, err := parsed(args)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func parsed(args []string) (*config.Config, error) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	config.AddFlags(flags)
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	return config.Load(flags, nil)
}

func open(t *testing.T, cfg *config.Config) *app.House {
	t.Helper()
	h, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h
}

func TestTheFirstStartMakesAShopAndOneAdministrator(t *testing.T) {
	eachHouse(t, nil, func(t *testing.T, cfg *config.Config) {
		h := open(t, cfg)
		first, err := h.Found(t.Context())
		if err != nil || first == nil || first.Email != "admin@localhost" || len(first.Password) < 16 {
			t.Fatalf("first start: %+v, %v", first, err)
		}
		if again, err := h.Found(t.Context()); err != nil || again != nil {
			t.Errorf("second start: %+v, %v", again, err)
		}
		info, err := os.Stat(cfg.Data)
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("data folder: %v %v", info.Mode(), err)
		}
	})
}

// start runs the house and returns its address and how to stop it.
func start(t *testing.T, h *app.House) (address string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	started, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- h.Run(ctx, func(address string) { started <- address }) }()
	select {
	case address = <-started:
	case err := <-ended:
		cancel()
		t.Fatalf("did not start: %v", err)
	case <-time.After(30 * time.Second):
		t.Fatal("did not start within 30 s")
	}
	stop = func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(30 * time.Second):
			return errors.New("did not stop within 30 s")
		}
	}
	t.Cleanup(cancel)
	return address, stop
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

func TestAServerStartsAnswersAndStops(t *testing.T) {
	eachHouse(t, nil, func(t *testing.T, cfg *config.Config) {
		cfg.NATS = config.Location(bustest.Serve(t, t.TempDir(), -1).ClientURL())
		h := open(t, cfg)
		if _, err := h.Found(t.Context()); err != nil {
			t.Fatal(err)
		}
		address, stop := start(t, h)
		for path, want := range map[string]string{"/healthz": `"ok"`, "/readyz": `"stream":"ok"`, "/v1/shop": `"Aftercare"`, "/openapi.json": `"openapi"`} {
			if status, body := get(t, "http://"+address+path); status != http.StatusOK || !strings.Contains(body, want) {
				t.Errorf("GET %s: %d %.200s, want %s in it", path, status, body, want)
			}
		}
		if status, body := get(t, "http://"+address+"/metrics"); status != http.StatusOK || !strings.Contains(body, "aftercare_http_requests_total{") || !strings.Contains(body, "aftercare_relay_behind") {
			t.Errorf("GET /metrics: %d %.300s", status, body)
		}
		if status, body := get(t, "http://"+address+"/v1/cases"); status != http.StatusUnauthorized || !strings.Contains(body, `"code"`) {
			t.Errorf("a stranger asked for cases: %d %s", status, body)
		}
		if _, err := app.TakeLock(cfg.Data); !errors.Is(err, app.ErrServed) {
			t.Errorf("a second server could use the folder: %v", err)
		}
		if err := stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
		lock, err := app.TakeLock(cfg.Data)
		if err != nil {
			t.Fatalf("the lock is still held: %v", err)
		}
		_ = lock.Release()
	})
}

func TestMetricsAskForTheirToken(t *testing.T) {
	cfg := settings(t, "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--metrics-token", "watcher", "--nats", "off")
	address, stop := start(t, open(t, cfg))
	for header, want := range map[string]int{"": http.StatusForbidden, "Bearer wrong": http.StatusForbidden, "Bearer watcher": http.StatusOK} {
		r, err := http.NewRequest(http.MethodGet, "http://"+address+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", header)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("Authorization %q: %d, want %d", header, answer.StatusCode, want)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestADatabaseOfAnotherKeyIsRefused(t *testing.T) {
	eachHouse(t, nil, func(t *testing.T, cfg *config.Config) {
		_ = open(t, cfg).Close()
		cfg.MasterKey = config.Secret(strings.Repeat("ab", 32))
		if _, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "another master key") {
			t.Errorf("opened with another key: %v", err)
		}
	})
}

func TestADatabaseThatDoesNotAnswerIsUnavailable(t *testing.T) {
	cfg := settings(t, "--data", t.TempDir(), "--database", "postgres://nobody:geheim@127.0.0.1:1/none")
	_, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	var unavailable *app.Unavailable
	if !errors.As(err, &unavailable) || strings.Contains(err.Error(), "geheim") {
		t.Errorf("%v", err)
	}
}

func TestTheDemoShowsACaseInEveryStateAndIsToldOnce(t *testing.T) {
	eachHouse(t, []string{"--demo"}, func(t *testing.T, cfg *config.Config) {
		h := open(t, cfg)
		for range 2 {
			if err := h.TellDemo(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
		}
		seen, kinds, tracks := map[cases.State]int{}, map[string]int{}, map[string]int{}
		total := 0
		err := h.DB.Read(t.Context(), func(tx *db.Tx) error {
			return eachCase(t.Context(), tx, func(c cases.Case) {
				total++
				seen[c.State]++
				kinds[c.Kind+" "+c.Phase]++
				count(tracks, c)
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, state := range cases.States {
			if seen[state] == 0 {
				t.Errorf("no case is %s: %v", state, seen)
			}
		}
		for _, kind := range []string{"return_refund after_receipt", "refund_only pre_ship", "refund_only in_transit", "refund_only after_receipt", "exchange after_receipt", "reship after_receipt", "price_protection after_receipt", "compensation after_receipt"} {
			if kinds[kind] == 0 {
				t.Errorf("no case is %s: %v", kind, kinds)
			}
		}
		for _, track := range []string{"offer of the shop", "offer of the customer", "amended", "refused by a person", "several parcels", "advance paid", "advance recovering", "to be reopened", "assigned", "difference due", "converted"} {
			if tracks[track] == 0 {
				t.Errorf("no case shows: %s; %v", track, tracks)
			}
		}
		if total != 56 {
			t.Errorf("%d cases, want 56", total)
		}
		if welcome, err := h.Found(t.Context()); err != nil || welcome != nil {
			t.Errorf("the demo has no administrator: %+v %v", welcome, err)
		}
		address, stop := start(t, h)
		if _, body := get(t, "http://"+address+"/v1/shop"); !strings.Contains(body, "DX2026-1001") || !strings.Contains(body, "admin@demo.example") {
			t.Errorf("the demo's sign-ins are not shown: %s", body)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// count notes what a case shows besides its kind and state.
func count(tracks map[string]int, c cases.Case) {
	d := c.Detail
	for track, shown := range map[string]bool{
		"amended": d.Amends > 0 && c.State == cases.Submitted, "refused by a person": c.State == cases.Rejected && c.Decision.By == "staff" && !d.Arrived,
		"several parcels": d.Parcels > 0, "to be reopened": d.Reopening != nil, "assigned": c.Assignee != "",
		"difference due": c.Timer == cases.TimerPayment && d.Exchange.Due > 0, "converted": c.Kind == cases.KindReturn && c.Decision.By == "rule" && c.OrderNumber == "DX2026-4006",
	} {
		if shown {
			tracks[track]++
		}
	}
	if d.Advance != nil {
		tracks["advance "+d.Advance.State]++
	}
	for _, o := range d.Offers {
		if o.State == "open" {
			tracks["offer of the "+map[string]string{"seller": "shop", "customer": "customer"}[o.Side]]++
		}
	}
}

func eachCase(ctx context.Context, tx *db.Tx, fn func(c cases.Case)) error {
	ids, err := db.List(ctx, tx, func(row db.Scanner) (id string, err error) {
		err = row.Scan(&id)
		return id, err
	}, `select id from cases_case order by id`)
	if err != nil {
		return err
	}
	for _, id := range ids {
		c, err := cases.ByID(ctx, tx, actor.Of("main"), id)
		if err != nil {
			return err
		}
		fn(c)
	}
	return nil
}

func TestDocumentsNeedNoInstallation(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, write := range map[string]func(io.Writer) error{
		"openapi: 3.1": app.WriteOpenAPI, "db.busy": app.WriteProblems, "payout.succeeded": app.WriteEvents, "stateDiagram": app.WriteStates,
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil || !strings.Contains(b.String(), name) {
			t.Errorf("no %s: %v", name, err)
		}
	}
	left, err := os.ReadDir(".")
	if err != nil || len(left) > 0 {
		t.Errorf("documents left %v, %v", left, err)
	}
	schemas, err := app.EventSchemas()
	if err != nil || !slices.ContainsFunc([]string{"order.imported"}, func(name string) bool { return len(schemas[name]) > 0 }) {
		t.Errorf("schemas: %v", err)
	}
}
