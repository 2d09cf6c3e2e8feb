package policy_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/rules/policy"
)

// generous is the default with everything set that has no default.
func generous() policy.Rules {
	r := policy.Default()
	r.Keep.Below = map[string]int64{"CNY": 2000}
	r.Advance = policy.Advance{Max: map[string]int64{"CNY": 30000}, After: "first_scan"}
	r.PriceProtectionDays = 15
	r.Compensation = map[string]map[string]int64{"goodwill": {"CNY": 5000}, "statutory": {"CNY": 500000}}
	r.Bulk = map[string]int64{"CNY": 100000}
	r.RestockingFee = 15
	return r
}

func TestEveryKindIsJudgedInEveryPhase(t *testing.T) {
	zone := shanghai(t)
	delivered := time.Date(2026, 3, 1, 15, 30, 0, 0, zone)
	now := delivered.AddDate(0, 0, 3)
	remorse, faulty, final := "wrong_size", "missing_parts", "underwear"
	tests := []struct {
		name, kind, phase, category, reason string
		minor                               int64
		outcome                             policy.Outcome
		ground                              string // the last
	}{
		{"nothing goes back before it was sent", policy.ReturnRefund, policy.PreShip, "", remorse, 100, policy.Refuse, "kind_not_in_phase"},
		{"stopped on its way", policy.ReturnRefund, policy.InTransit, "", remorse, 100, policy.Approve, "below_limit"},
		{"stopped on its way, dear", policy.ReturnRefund, policy.InTransit, "", remorse, 50001, policy.Review, "above_limit"},
		{"sold for good and on its way", policy.ReturnRefund, policy.InTransit, final, remorse, 100, policy.Refuse, "final_hygiene"},
		{"sold for good, on its way and faulty", policy.ReturnRefund, policy.InTransit, final, faulty, 100, policy.Approve, "below_limit"},
		{"a reason nobody knows, on its way", policy.ReturnRefund, policy.InTransit, "", "because", 100, policy.Refuse, "reason_not_offered"},

		{"not sent yet", policy.RefundOnly, policy.PreShip, "", remorse, 100, policy.Approve, "below_limit"},
		{"not sent yet, dear", policy.RefundOnly, policy.PreShip, "", remorse, 50001, policy.Review, "above_limit"},
		{"not sent yet, sold for good", policy.RefundOnly, policy.PreShip, final, remorse, 100, policy.Review, "final_not_sent"},
		{"said not to have come", policy.RefundOnly, policy.InTransit, "", faulty, 100, policy.Review, "in_transit_needs_person"},
		{"not worth its way back", policy.RefundOnly, policy.AfterReceipt, "", remorse, 1999, policy.Approve, "returnless"},
		{"just worth its way back", policy.RefundOnly, policy.AfterReceipt, "", remorse, 2000, policy.Refuse, "goods_must_come_back"},
		{"faulty and kept", policy.RefundOnly, policy.AfterReceipt, "", faulty, 2000, policy.Review, "keep_needs_person"},
		{"sold for good and cheap", policy.RefundOnly, policy.AfterReceipt, final, remorse, 100, policy.Refuse, "final_hygiene"},

		{"another size", policy.Exchange, policy.AfterReceipt, "", remorse, 100, policy.Approve, "below_limit"},
		{"another size before it came", policy.Exchange, policy.InTransit, "", remorse, 100, policy.Refuse, "kind_not_in_phase"},
		{"missing parts", policy.Reship, policy.AfterReceipt, "", faulty, 100, policy.Approve, "below_limit"},
		{"once more for nothing", policy.Reship, policy.AfterReceipt, "", remorse, 100, policy.Refuse, "not_sellers_fault"},
		{"lost on its way", policy.Reship, policy.InTransit, "", faulty, 100, policy.Review, "in_transit_needs_person"},
		{"nothing is sent again before it was sent", policy.Reship, policy.PreShip, "", faulty, 100, policy.Refuse, "kind_not_in_phase"},
		{"a compensation", policy.Compensation, policy.PreShip, "", remorse, 1, policy.Review, "compensation_needs_person"},
		{"a lower price that nobody checked", policy.PriceProtection, policy.AfterReceipt, "", "", 100, policy.Review, "price_needs_person"},
		{"a kind that nobody knows", "gift", policy.AfterReceipt, "", remorse, 100, policy.Refuse, "kind_not_offered"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := policy.Goods{Title: "G", Category: tt.category, Reason: tt.reason}
			if tt.phase == policy.AfterReceipt {
				g.Delivered = delivered
			}
			j := generous().Judge(policy.Request{Kind: tt.kind, Phase: tt.phase, Now: now, Zone: zone, Goods: []policy.Goods{g}, Total: money.Of(tt.minor, "CNY")})
			if j.Outcome != tt.outcome || len(j.Grounds) == 0 || j.Grounds[len(j.Grounds)-1].Code != tt.ground {
				t.Errorf("got %+v, want %s because of %s", j, tt.outcome, tt.ground)
			}
			for _, ground := range j.Grounds {
				for _, lang := range locale.Languages {
					if text := ground.Text(lang); strings.HasPrefix(text, "ground.") || strings.Contains(text, "{") {
						t.Errorf("ground %s is worded %q in %s", ground.Code, text, lang)
					}
				}
			}
		})
	}
}

func TestALowerPriceCountsForSomeDays(t *testing.T) {
	zone, r := shanghai(t), generous()
	at := time.Date(2026, 3, 1, 15, 30, 0, 0, zone)
	judge := func(delivered, placed, now time.Time, verified bool) policy.Judgement {
		return r.Judge(policy.Request{Kind: policy.PriceProtection, Now: now, Zone: zone, Placed: placed, Verified: verified, Total: money.Of(100, "CNY"),
			Goods: []policy.Goods{{Title: "G", Delivered: delivered}}})
	}
	last := time.Date(2026, 3, 16, 23, 59, 59, 999e6, zone)
	for name, tt := range map[string]struct {
		j    policy.Judgement
		want policy.Outcome
	}{
		"the last moment":                   {judge(at, time.Time{}, last, true), policy.Approve},
		"a moment later":                    {judge(at, time.Time{}, last.Add(time.Millisecond), true), policy.Refuse},
		"delivered late":                    {judge(at, at.AddDate(-1, 0, 0), last, true), policy.Approve},
		"not delivered, bought in time":     {judge(time.Time{}, at, last, true), policy.Approve},
		"not delivered, bought long before": {judge(time.Time{}, at.AddDate(0, 0, -1), last, true), policy.Refuse},
		"neither":                           {judge(time.Time{}, time.Time{}, last, true), policy.Refuse},
		"not verified":                      {judge(at, time.Time{}, last, false), policy.Review},
	} {
		if tt.j.Outcome != tt.want {
			t.Errorf("%s: %+v, want %s", name, tt.j, tt.want)
		}
	}
}

func TestRulesWithoutSettingsOfferWhatNeedsNone(t *testing.T) {
	offered := func(r policy.Rules) (all []string) {
		for _, kind := range policy.Kinds {
			if r.Offers(kind) {
				all = append(all, kind)
			}
		}
		return all
	}
	only := policy.Default()
	only.Kinds = []string{policy.RefundOnly}
	for _, tt := range []struct {
		rules policy.Rules
		want  []string
	}{
		{policy.Default(), policy.Kinds[:4]}, {generous(), policy.Kinds}, {only, []string{policy.RefundOnly}},
	} {
		if diff := cmp.Diff(tt.want, offered(tt.rules)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestLimitsByCurrency(t *testing.T) {
	type limit struct {
		minor int64
		set   bool
	}
	of := func(minor int64, set bool) limit { return limit{minor, set} }
	r := generous()
	for name, tt := range map[string]struct{ got, want limit }{
		"advance":              {of(r.AdvanceLimit(policy.Person{}, "CNY")), of(30000, true)},
		"advance elsewhere":    {of(r.AdvanceLimit(policy.Person{}, "USD")), of(0, false)},
		"bulk":                 {of(r.BulkLimit("CNY")), of(100000, true)},
		"bulk elsewhere":       {of(r.BulkLimit("USD")), of(0, false)},
		"goodwill":             {of(r.CompensationCap("goodwill", "CNY")), of(5000, true)},
		"goodwill elsewhere":   {of(r.CompensationCap("goodwill", "USD")), of(0, false)},
		"a promise never made": {of(r.CompensationCap("promise", "CNY")), of(0, false)},
		"fee on remorse":       {of(r.Fee(999, "wrong_size"), true), of(149, true)},
		"fee on a fault":       {of(r.Fee(999, "defective"), true), of(0, true)},
		"fee without reason":   {of(r.Fee(999, ""), true), of(0, true)},
		"fee of nothing":       {of(r.Fee(0, "wrong_size"), true), of(0, true)},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %v, want %v", name, tt.got, tt.want)
		}
	}
}

func TestTheClock(t *testing.T) {
	usual := policy.Timers{AnswerHours: 48, OfferHours: 48, ReplyDays: 7, ShipBackDays: 7, TransitDays: 10, InspectHours: 72, EscalateDays: 7,
		ConfirmDays: 7, PayoutHours: 24, AdvanceDays: 14, LateDays: 15, PaymentHours: 72}
	if diff := cmp.Diff(usual, policy.Default().Clock()); diff != "" {
		t.Errorf("by default: %s", diff)
	}
	if diff := cmp.Diff(usual, policy.Rules{}.Clock()); diff != "" {
		t.Errorf("of empty rules: %s", diff)
	}
	r := policy.Default()
	r.Preset, r.Timers.ConfirmDays, r.AnswerHours = "eu", 3, 12
	want := usual
	want.LateDays, want.ConfirmDays, want.AnswerHours = 730, 3, 12 // what the rules say themselves comes first
	if diff := cmp.Diff(want, r.Clock()); diff != "" {
		t.Errorf("with a preset: %s", diff)
	}
	for _, p := range policy.Presets() {
		got := p.Apply(generous())
		if err := got.Check(); (err != nil) != (p.Name == "eu") { // the restocking fee
			t.Errorf("%s: %v", p.Name, err)
		}
		if diff := cmp.Diff(p.Timers, got.Clock()); diff != "" || got.WindowDays != p.WindowDays {
			t.Errorf("%s: %d days, %s", p.Name, got.WindowDays, diff)
		}
		fields, _ := json.Marshal(p.Timers)
		for _, f := range p.Facts {
			if f.Field != "window_days" && !strings.Contains(string(fields), `"`+f.Field+`"`) {
				t.Errorf("%s: a source of %s, which is no field", p.Name, f.Field)
			}
		}
	}
	if _, ok := policy.Preset("amazon"); ok {
		t.Error("a preset that nobody made")
	}
}

func TestRulesThatContradictThemselvesAreRefused(t *testing.T) {
	tests := map[string]func(*policy.Rules){
		"kinds[1]":                  func(r *policy.Rules) { r.Kinds = []string{"exchange", "barter"} },
		"kinds[2]":                  func(r *policy.Rules) { r.Kinds = []string{"exchange", "reship", "exchange"} },
		"price_protection_days":     func(r *policy.Rules) { r.Kinds = []string{"price_protection"} },
		"price_protection_days ":    func(r *policy.Rules) { r.Kinds, r.PriceProtectionDays = []string{"reship"}, 3 },
		"compensation":              func(r *policy.Rules) { r.Kinds = []string{"compensation"} },
		"compensation.love":         func(r *policy.Rules) { r.Compensation = map[string]map[string]int64{"love": {"CNY": 1}} },
		"compensation.goodwill.XXX": func(r *policy.Rules) { r.Compensation = map[string]map[string]int64{"goodwill": {"XXX": 1}} },
		"returnless.below":          func(r *policy.Rules) { r.Kinds, r.Keep.Below = []string{"reship"}, map[string]int64{"CNY": 1} },
		"returnless.below.CNY":      func(r *policy.Rules) { r.Keep.Below = map[string]int64{"CNY": -1} },
		"advance.max":               func(r *policy.Rules) { r.Advance.After = "first_scan" },
		"advance.max.JPY":           func(r *policy.Rules) { r.Advance.Max = map[string]int64{"JPY": 1 << 62} },
		"advance.after":             func(r *policy.Rules) { r.Advance = policy.Advance{Max: map[string]int64{"CNY": 1}, After: "soon"} },
		"bulk_limit.cny":            func(r *policy.Rules) { r.Bulk = map[string]int64{"cny": 1} },
		"restocking_fee":            func(r *policy.Rules) { r.RestockingFee = 51 },
		"restocking_fee ":           func(r *policy.Rules) { r.Preset, r.RestockingFee = "eu", 1 },
		"preset":                    func(r *policy.Rules) { r.Preset = "amazon" },
		"timers.calendar":           func(r *policy.Rules) { r.Timers.WorkingDays = true },
		"timers.calendar ":          func(r *policy.Rules) { r.Timers.Calendar = "XX" },
		"timers.offer_hours":        func(r *policy.Rules) { r.Timers.OfferHours = -1 },
		"timers.late_days":          func(r *policy.Rules) { r.Timers.LateDays = 3651 },
		"exchange.hold_days":        func(r *policy.Rules) { r.Exchange.HoldDays, r.Timers.PaymentHours = 2, 49 },
		"exchange.hold_days ":       func(r *policy.Rules) { r.Kinds, r.Exchange.HoldDays = []string{"reship"}, 10 },
		"promotions":                func(r *policy.Rules) { r.Promotions = "both" },
		"tender":                    func(r *policy.Rules) { r.Tender = "cash" },
		"shipping":                  func(r *policy.Rules) { r.Shipping = "" },
		"reasons[0].freight":        func(r *policy.Rules) { r.Reasons = slices.Clone(r.Reasons); r.Reasons[0].Freight = "moon" },
		"answer_hours":              func(r *policy.Rules) { r.AnswerHours = 0 },
		"categories.underwear.window_days": func(r *policy.Rules) {
			n := -1
			r.Categories = map[string]policy.Category{"underwear": {WindowDays: &n}}
		},
	}
	for field, spoil := range tests {
		r := policy.Default()
		spoil(&r)
		err := r.Check()
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || !errors.Is(err, policy.ErrInvalid) || len(f.Fields) != 1 || f.Fields[0].Field != strings.TrimSpace(field) {
			t.Errorf("%s: %+v", field, err)
		}
	}
	if err := generous().Check(); err != nil {
		t.Errorf("generous rules: %v", err)
	}
}

func TestRulesStoredBeforeReadAsBefore(t *testing.T) {
	raw, err := json.Marshal(policy.Default())
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"timers", "kinds", "advance", "returnless", "exchange", "preset", "bulk"} {
		if strings.Contains(string(raw), `"`+word) {
			t.Errorf("rules without %s store it: %s", word, raw)
		}
	}
	var back policy.Rules
	full, _ := json.Marshal(generous())
	if err := json.Unmarshal(full, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(generous(), back); diff != "" {
		t.Error(diff)
	}
}

func TestDeadlinesOfWorkingDays(t *testing.T) {
	zone := shanghai(t)
	at := func(text string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04:05", text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	plain, working := policy.Default().Clock(), policy.Default()
	working.Timers.WorkingDays, working.Timers.Calendar = true, "CN"
	clock := working.Clock()
	before := at("2025-09-30 10:00:00") // the eve of eight days off
	for name, tt := range map[string]struct {
		ask  func(time.Time, int, *time.Location) (time.Time, bool)
		from time.Time
		n    int
		want string
		sure bool
	}{
		"days":                        {plain.Days, before, 7, "2025-10-07 23:59:59", true},
		"hours":                       {plain.Hours, before, 48, "2025-10-02 10:00:00", true},
		"working days":                {clock.Days, before, 3, "2025-10-11 23:59:59", true},
		"hours that end on a day off": {clock.Hours, before, 48, "2025-10-09 23:59:59", true},
		"hours that do not":           {clock.Hours, before, 12, "2025-09-30 22:00:00", true},
		"a year nobody knows":         {clock.Days, at("2099-12-31 10:00:00"), 1, "2100-01-01 23:59:59", false},
		"hours into such a year":      {clock.Hours, at("2099-12-31 10:00:00"), 48, "2100-01-04 23:59:59", false},
	} {
		due, sure := tt.ask(tt.from, tt.n, zone)
		if got := due.In(zone).Format("2006-01-02 15:04:05"); got != tt.want || sure != tt.sure {
			t.Errorf("%s: %s, %v; want %s, %v", name, got, sure, tt.want, tt.sure)
		}
	}
}
