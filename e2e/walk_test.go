package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// result is what a walk prints.
type result struct {
	OK    bool              `json:"ok"`
	Error string            `json:"error"`
	Steps []step            `json:"steps"`
	Facts map[string]string `json:"facts"`
	Shots []string          `json:"shots"`
}

type step struct {
	Name string `json:"name"`
	MS   int    `json:"ms"`
}

// shop is an installation with staff, orders and a mail server.
type shop struct {
	*server
	box  *mailbox
	key  string
	wish map[string]any // what the browser is told
}

// openShop sets up a shop and serves it.
func openShop(t *testing.T, database string, more ...string) *shop {
	t.Helper()
	needBrowser(t)
	s := &shop{server: installation(t, database), box: newMailbox(t)}
	s.run(t, "", "import", "orders", writeOrders(t, buyers))
	s.open(t, database, more...)
	return s
}

// openEmptyShop is a shop of today: staff, and nothing else.
func openEmptyShop(t *testing.T, database string) *shop {
	t.Helper()
	needBrowser(t)
	s := &shop{server: installation(t, database), box: newMailbox(t)}
	s.open(t, database)
	return s
}

// open hires the staff and serves the shop.
func (s *shop) open(t *testing.T, database string, more ...string) {
	t.Helper()
	people := map[string]any{}
	for role, name := range map[string]string{"agent": "李静", "supervisor": "王敏", "warehouse": "赵强", "privacy": "周宁", "administrator": "孙丽"} {
		people[role] = map[string]string{"email": s.staff(t, role, name), "password": password, "name": name}
	}
	s.key = s.server.key(t, "walk", "order.read", "customer.read", "case.read", "case.open", "case.decide", "case.receive", "parcel.scan", "payout.read", "shop.manage", "order.write", "policy.read", "policy.write")
	s.start(t, append([]string{"--mail", "smtp://" + s.box.address + "?tls=none", "--mail-from", "Dolphin <noreply@shop.example>"}, more...)...)
	s.returnAddress(t, bearer(s.key))
	engine := "sqlite"
	if database != "" {
		engine = "postgres"
	}
	out, err := filepath.Abs(filepath.Join("out", engine))
	if err != nil {
		t.Fatal(err)
	}
	picture := filepath.Join(s.data, "photo.jpg")
	if err := os.WriteFile(picture, photo(t), 0o600); err != nil {
		t.Fatal(err)
	}
	s.wish = map[string]any{
		"url": s.url, "mail": s.box.serve(t), "out": out, "key": s.key, "photo": picture,
		"buyers": buyers, "staff": people,
	}
}

// needBrowser fails where there is no browser: these walks are never skipped
// silently. Short runs leave them out.
func needBrowser(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("the browser is not part of a short run")
	}
	for _, tool := range []string{"node", "chromium"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%v: scripts/tools.sh node chromium installs it", err)
		}
	}
}

// walk runs one of web/e2e's walks against the shop.
func (s *shop) walk(t *testing.T, name string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	wish, err := json.Marshal(s.wish)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, "node", "../web/e2e/run.mjs", name)
	cmd.Stdin = bytes.NewReader(wish)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	runErr := cmd.Run()
	var r result
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("walk %s: %v, %v\n%s%s", name, runErr, err, out.Bytes(), errs.Bytes())
	}
	var total int
	for _, one := range r.Steps {
		total += one.MS
	}
	t.Logf("%s: %d steps in %.1f s: %v", name, len(r.Steps), float64(total)/1000, r.Steps)
	if !r.OK {
		t.Errorf("walk %s: %s\nshots: %s", name, r.Error, strings.Join(r.Shots, " "))
	}
	return r
}

func TestACustomerReturnsAnOrderAndGetsTheMoney(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		r := s.walk(t, "whole")
		if t.Failed() {
			return
		}
		s.settledOnce(t, r.Facts["case"], r.Facts["total"])
		s.wroteOnce(t, buyers["whole"].Contact)
		s.walk(t, "staff")
		s.walk(t, "stranger")
		s.wish["case"] = r.Facts["case"]
		s.walk(t, "ratings")
	})
}

func TestTheDeskDecidesOffersExchangesAndReopens(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "desk")
	})
}

func TestStaffSignInWithASecondFactor(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.walk(t, "signin")
		subjects := map[string]bool{}
		all, _ := s.box.find(s.wish["staff"].(map[string]any)["agent"].(map[string]string)["email"])
		for _, l := range all {
			subjects[l.Subject] = true
		}
		if len(subjects) != 3 { // added, a recovery code used, reset
			t.Errorf("letters %v", subjects)
		}
	})
}

func TestAPolicyGoesFromTheDraftToTheDayItIsLive(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.walk(t, "policies")
		s.walk(t, "policy-life")
		s.walk(t, "policy-pages")
	})
}

func TestACustomerGetsATierWithAReason(t *testing.T) {
	openShop(t, "").walk(t, "customers")
}

func TestTheSealIsCheckedInTheBrowser(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.walk(t, "sealed")
		s.walk(t, "sealed-customer")
		s.walk(t, "sealed-keys")
	})
}

func TestStaffReadTheLawAndAnswerWhatDecides(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "rights-console")
	})
}

func TestAdministratorsSeeFiguresAndConnectPrograms(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database, "--webhook-allow", "127.0.0.0/8")
		s.walk(t, "insight")
		s.walk(t, "webhooks")
		s.walk(t, "webhook-again")
	})
}

func TestAShopLooksLikeItself(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "brand")
	})
}

func TestWhatHappensBesideTheWayOfACaseIsSeen(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "moves")
	})
}

func TestPagesServeEverybody(t *testing.T) {
	s := openShop(t, "")
	s.walk(t, "keyboard")
	s.walk(t, "kinds")
	s.walk(t, "pages")
}

func TestRightsAreToldBeforeAndAfterBuying(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.wish["reader"] = s.server.key(t, "reader", "policy.read", "policy.publish")
		s.walk(t, "rights")
	})
}

// settledOnce compares what the customer was told with the payouts and with
// the books of the payment provider.
func (s *shop) settledOnce(t *testing.T, id, total string) {
	t.Helper()
	var c struct {
		State string
		Money struct {
			Paid    struct{ Minor int64 }
			Payouts []struct {
				State  string
				Amount struct{ Minor int64 }
			}
		}
	}
	if err := json.Unmarshal(s.must(t, "GET", "/v1/cases/"+id, nil, bearer(s.key)).body, &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Money.Payouts) == 0 || c.State != "completed" {
		t.Fatalf("the case is %s with %d payouts, want completed with one at least", c.State, len(c.Money.Payouts))
	}
	var sum int64
	for _, p := range c.Money.Payouts {
		if p.State != "succeeded" {
			t.Errorf("a payout is %s", p.State)
		}
		sum += p.Amount.Minor
	}
	if sum != c.Money.Paid.Minor {
		t.Errorf("payouts add up to %d, the case says %d", sum, c.Money.Paid.Minor)
	}
	var booked int64
	paid := map[string]int{}
	raw, err := os.ReadFile(filepath.Join(s.data, "testpay", "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		var p struct {
			Key, Case, Outcome string
			Minor              int64
		}
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatal(err)
		}
		if p.Case == id && p.Outcome == "paid" {
			paid[p.Key]++
			booked += p.Minor
		}
	}
	for key, times := range paid {
		if times != 1 {
			t.Errorf("%s was paid %d times", key, times)
		}
	}
	if booked != sum {
		t.Errorf("the provider booked %d, the payouts are %d", booked, sum)
	}
	if total != "" && !strings.Contains(strings.ReplaceAll(total, ",", ""), minor(sum)) {
		t.Errorf("the customer was promised %s and got %s", total, minor(sum))
	}
}

func minor(n int64) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }

// wroteOnce checks that no e-mail was sent twice.
func (s *shop) wroteOnce(t *testing.T, to string) {
	t.Helper()
	seen := map[string]bool{}
	all, _ := s.box.find(to)
	for _, l := range all {
		if seen[l.Key] {
			t.Errorf("sent twice: %s", l.Subject)
		}
		seen[l.Key] = true
		if l.Text == "" || l.HTML == "" {
			t.Errorf("%s lacks its text or its HTML", l.Subject)
		}
	}
}
