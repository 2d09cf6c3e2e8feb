package policy

import (
	"maps"
	"slices"
)

// Pack is what is usual on one kind of channel: a window and how long each side
// has. It is a start for a shop's own rules and no legal advice.
type Pack struct {
	Name       string   `json:"name" enum:"own,taobao,wechat,eu"`
	WindowDays int      `json:"window_days" doc:"Usual return window in days"`
	CureDays   int      `json:"cure_days" doc:"Days in which faulty goods are replaced"`
	Opened     bool     `json:"once_opened" doc:"Hygiene goods and digital ones are final only once opened"`
	Markets    []string `json:"markets" doc:"Jurisdictions it is meant for"`
	Timers     Timers   `json:"timers" doc:"How long each side has"`
	Facts      []Source `json:"facts" doc:"Where values that differ from the defaults come from"`
}

// Source tells where a value of a pack comes from and how sure it is.
type Source struct {
	Field  string `json:"field" example:"answer_hours"`
	Source string `json:"source" example:"Consumer Rights Directive 2011/83/EU, article 14(1)"`
	Sure   string `json:"sure" enum:"published,practice" doc:"published: the channel's or the law's own text; practice: what shops observe, to be checked before relying on it"`
}

func pack(name string, window int, change func(*Timers), facts ...Source) Pack {
	p := Pack{Name: name, WindowDays: window, CureDays: 731, Markets: []string{"CN"}, Timers: usual, Facts: facts}
	if name == "eu" {
		p.CureDays, p.Opened, p.Markets = 1096, true, []string{"EU", "DE", "ES", "FR", "PT", "SE"}
	}
	change(&p.Timers)
	return p
}

// Presets lists the packs there are.
//
//   - own: the defaults, for a shop of one's own.
//   - taobao: five days to answer are what sellers see there (practice); seven
//     days to send back are published. Both Chinese channels allow ten days to
//     confirm a receipt; the law wants the money back after seven, so the shop
//     has six to look and one to pay.
//   - wechat: WeChat Shop publishes 48 hours for the seller to answer a refund
//     or a return, seven days to send back, ten to confirm the receipt, seven to
//     object to a refusal.
//   - eu: fourteen days to withdraw and fourteen more to send back are law
//     (Directive 2011/83/EU, articles 9 and 14); a defect may be claimed for two
//     years (Directive (EU) 2019/771, article 10). The money has to be back
//     fourteen days after the withdrawal, article 13, so it must not wait.
func Presets() []Pack {
	return []Pack{
		pack("own", 7, func(*Timers) {},
			Source{"window_days", "Consumer Rights Protection Law of the PRC, article 25", "published"}),
		pack("taobao", 7, func(t *Timers) { t.AnswerHours, t.InspectHours = 120, 144 },
			Source{"window_days", "Consumer Rights Protection Law of the PRC, article 25", "published"},
			Source{"answer_hours", "Taobao: up to 5 days before a request is granted; 24 to 48 hours for goods not sent yet", "practice"},
			Source{"ship_back_days", "Taobao: 7 days to enter the parcel's number", "practice"},
			Source{"transit_days", "Taobao: 10 days for express parcels, 30 for ordinary post", "practice"},
			Source{"inspect_hours", "Taobao: 10 days to confirm the receipt; but the money has to be back 7 days after the goods are, article 25 of the law", "published"},
			Source{"late_days", "Taobao: 15 days after the trade is complete", "practice"}),
		pack("wechat", 7, func(t *Timers) { t.InspectHours = 144 },
			Source{"window_days", "Consumer Rights Protection Law of the PRC, article 25", "published"},
			Source{"answer_hours", "WeChat Shop after-sales rules: 48 hours on a refund and on a return", "published"},
			Source{"ship_back_days", "WeChat Shop after-sales rules: 7 days to enter the parcel's number", "published"},
			Source{"inspect_hours", "WeChat Shop after-sales rules: 10 days to confirm the receipt; but the money has to be back 7 days after the goods are, article 25 of the law", "published"},
			Source{"escalate_days", "WeChat Shop after-sales rules: 7 days to object to a refusal", "published"}),
		pack("eu", 14, func(t *Timers) { t.ShipBackDays, t.LateDays = 14, 730 },
			Source{"window_days", "Directive 2011/83/EU on consumer rights, article 9(1)", "published"},
			Source{"ship_back_days", "Directive 2011/83/EU on consumer rights, article 14(1)", "published"},
			Source{"payout_hours", "Directive 2011/83/EU on consumer rights, article 13(1): 14 days after the withdrawal, so nothing may lie about", "published"},
			Source{"late_days", "Directive (EU) 2019/771 on the sale of goods, article 10(1): two years", "published"}),
	}
}

// Preset finds a pack by its name.
func Preset(name string) (Pack, bool) {
	all := Presets()
	i := slices.IndexFunc(all, func(p Pack) bool { return p.Name == name })
	if i < 0 {
		return Pack{}, false
	}
	return all[i], true
}

// Apply returns the rules with the pack's markets, windows and times; everything
// else stays.
func (p Pack) Apply(r Rules) Rules {
	r.Markets = slices.Clone(p.Markets)
	r.Reasons = slices.Clone(r.Reasons)
	for i := range r.Reasons {
		if x := &r.Reasons[i]; x.Claims() == Defect {
			cure := max(p.CureDays, x.cure(0))
			x.CureDays = &cure
		}
	}
	r.Categories = maps.Clone(r.Categories)
	for name, c := range r.Categories {
		c.OnceOpened = c.OnceOpened || p.Opened && c.Final && (c.Why == "hygiene" || c.Why == "digital")
		r.Categories[name] = c
	}
	r.Preset, r.WindowDays = p.Name, p.WindowDays
	r.AnswerHours, r.ShipBackDays = p.Timers.AnswerHours, p.Timers.ShipBackDays
	r.InspectHours, r.PayoutHours = p.Timers.InspectHours, p.Timers.PayoutHours
	r.Timers = Waits{WorkingDays: r.Timers.WorkingDays, Calendar: r.Timers.Calendar}
	return r
}
