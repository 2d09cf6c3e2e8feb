package policy_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/rules/policy"
)

func shanghai(t *testing.T) *time.Location {
	t.Helper()
	zone, err := calendar.Zone("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestJudgementsFollowTheRules(t *testing.T) {
	zone := shanghai(t)
	delivered := time.Date(2026, 3, 1, 15, 30, 0, 0, zone) // day 0
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, zone) }
	goods := func(category, reason string) policy.Goods {
		return policy.Goods{Title: "G", Category: category, Delivered: delivered, Reason: reason}
	}
	cny := func(minor int64) money.Amount { return money.Of(minor, "CNY") }
	tests := []struct {
		name    string
		now     time.Time
		goods   []policy.Goods
		total   money.Amount
		outcome policy.Outcome
		ground  string // the last
	}{
		{"first day", at(1, 16, 0), []policy.Goods{goods("", "wrong_size")}, cny(100), policy.Approve, "below_limit"},
		{"last minute of the seventh day", at(8, 23, 59), []policy.Goods{goods("", "wrong_size")}, cny(100), policy.Approve, "below_limit"},
		{"first minute of the eighth day", at(9, 0, 0), []policy.Goods{goods("", "wrong_size")}, cny(100), policy.Refuse, "window_closed"},
		{"seller's fault has its own window", at(31, 12, 0), []policy.Goods{goods("", "defective")}, cny(100), policy.Approve, "below_limit"},
		{"exactly the limit", at(2, 0, 0), []policy.Goods{goods("", "wrong_size")}, cny(50000), policy.Approve, "below_limit"},
		{"a fen above", at(2, 0, 0), []policy.Goods{goods("", "wrong_size")}, cny(50001), policy.Review, "above_limit"},
		{"unlisted currency", at(2, 0, 0), []policy.Goods{goods("", "wrong_size")}, money.Of(1, "KWD"), policy.Review, "currency_needs_person"},
		{"hygiene goods", at(2, 0, 0), []policy.Goods{goods("underwear", "wrong_size")}, cny(100), policy.Refuse, "final_hygiene"},
		{"hygiene goods that are faulty", at(2, 0, 0), []policy.Goods{goods("underwear", "defective")}, cny(100), policy.Approve, "below_limit"},
		{"one of two excluded", at(2, 0, 0), []policy.Goods{goods("", "wrong_size"), goods("fresh_food", "wrong_size")}, cny(100), policy.Refuse, "final_perishable"},
		{"unknown reason", at(2, 0, 0), []policy.Goods{goods("", "because")}, cny(100), policy.Refuse, "reason_not_offered"},
		{"not delivered", at(2, 0, 0), []policy.Goods{{Title: "G", Reason: "wrong_size"}}, cny(100), policy.Refuse, "not_delivered"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			j := policy.Default().Judge(policy.Request{Now: tt.now, Zone: zone, Goods: tt.goods, Total: tt.total})
			if j.Outcome != tt.outcome || len(j.Grounds) == 0 || j.Grounds[len(j.Grounds)-1].Code != tt.ground {
				t.Errorf("got %+v, want %s because of %s", j, tt.outcome, tt.ground)
			}
			for _, g := range j.Grounds {
				for _, lang := range locale.Languages {
					if text := g.Text(lang); text == "ground."+g.Code || text == "" {
						t.Errorf("ground %s has no words in %s", g.Code, lang)
					}
				}
			}
		})
	}
}

func TestDaysAreTheCustomers(t *testing.T) {
	delivered := time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC) // already the 2nd in Shanghai
	reason, _ := policy.Default().Reason("wrong_size")
	until, ok, _ := policy.Default().Until("", delivered, reason, shanghai(t))
	if want := time.Date(2026, 3, 9, 15, 59, 59, 999e6, time.UTC); !ok || !until.Equal(want) {
		t.Errorf("until %v, want %v", until, want)
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	for _, r := range policy.Default().Reasons {
		if !locale.Has("reason." + r.Code) {
			t.Errorf("reason %s has no words", r.Code)
		}
	}
}

func TestVersionsAreKeptAndNobodyOverwritesAnother(t *testing.T) {
	schemas := []db.Schema{event.Schema, policy.Schema}
	by := actor.Actor{Tenant: "t", Kind: actor.Staff, ID: "stf_1"}
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		s := policy.New(nil, policy.Alone)
		save := func(tenant string, days int, seen int64) error {
			return d.Write(t.Context(), func(tx *db.Tx) error {
				rules := policy.Default()
				rules.WindowDays = days
				who := by
				who.Tenant = tenant
				_, err := s.Save(t.Context(), tx, who, "standard", "Standard", rules, seen)
				return err
			})
		}
		if err := save("t", 7, 0); err != nil {
			t.Fatal(err)
		}
		if err := save("t", 14, 1); err != nil {
			t.Fatal(err)
		}
		if err := save("t", 30, 1); !errors.Is(err, policy.ErrStale) {
			t.Errorf("a stale author overwrote: %v", err)
		}
		if err := save("other", 10, 0); err != nil {
			t.Fatal(err)
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			for version, days := range map[int64]int{1: 7, 2: 14, 0: 14} {
				p, err := policy.At(t.Context(), tx, "t", "standard", version)
				if err != nil || p.Rules.WindowDays != days {
					t.Errorf("version %d: %d days, %v", version, p.Rules.WindowDays, err)
				}
			}
			if _, err := policy.At(t.Context(), tx, "t", "standard", 3); !errors.Is(err, policy.ErrUnknown) {
				t.Errorf("a version that does not exist: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestRulesThatCannotBeCarriedOutAreRefused(t *testing.T) {
	bad := policy.Default()
	bad.AutoApprove = map[string]int64{"XXQ": 1, "CNY": -1}
	bad.Reasons = append(bad.Reasons, bad.Reasons[0])
	err := bad.Check()
	if !errors.Is(err, policy.ErrInvalid) {
		t.Fatalf("accepted: %v", err)
	}
	raw, _ := json.Marshal(err)
	for _, part := range []string{"auto_approve.XXQ", "auto_approve.CNY", "no_longer_needed twice"} {
		if !json.Valid(raw) || !strings.Contains(string(raw), part) {
			t.Errorf("%s is not named in %s", part, raw)
		}
	}
	if diff := cmp.Diff(nil, policy.Default().Check()); diff != "" {
		t.Error(diff)
	}
}
