package rights

import (
	"slices"
	"strings"
	"time"
)

// uncertain reports that nobody is sure that this law applies at all.
func (l Law) uncertain() bool { return slices.Contains(l.Notes, "LAW_UNCERTAIN") }

// applicable finds the law for a question. By default it is that of the
// consumer's home, and terms that name another one take nothing away.
func (b *Book) applicable(f *Facts) (*law, Law, error) {
	home := f.Buyer.Residence
	if home == "" {
		return nil, Law{}, ErrFacts.With("field", "buyer.residence").With("reason", "is missing: it decides which law applies")
	}
	why := Law{Jurisdiction: home, Why: "CONSUMER_HOME"}
	of := b.find(home, f)
	if of == nil {
		why.Why = "NO_PACK"
		return nil, why, nil
	}
	rule := of.lawRule()
	why.Cite, why.Confidence = rule.Cite, rule.Confidence
	abroad := f.Seller.Country != "" && f.Seller.Country != country(home)
	foreign := func(where string) {
		if other := b.find(where, f); other != nil {
			of = other
		} else {
			why.Notes = append(why.Notes, "NO_PACK", "LAW_UNCERTAIN")
		}
	}
	switch targets := f.Seller.TargetsResidence; {
	case f.Law.Elected != "" && f.Law.Elected != home && rule.Election:
		why.Why = "ELECTED"
		foreign(f.Law.Elected)
	case abroad && targets != nil && !*targets && rule.Untargeted == "seller":
		why.Why = "PLACE_OF_SUPPLY"
		foreign(f.Seller.Country)
	case abroad && targets != nil && !*targets:
		why.Why = "NOT_TARGETED"
		why.Notes = append(why.Notes, "LAW_UNCERTAIN")
	case abroad && targets == nil:
		why.Notes = append(why.Notes, "TARGETING_ASSUMED")
	}
	if why.Why == "CONSUMER_HOME" && f.Law.Elected != "" && f.Law.Elected != home {
		why.Notes = append(why.Notes, "ELECTION_IGNORED")
	}
	if t := f.Law.Terms; t != "" && t != home && why.Why == "CONSUMER_HOME" {
		why.Notes = append(why.Notes, "TERMS_TAKE_NOTHING")
	}
	if why.Why == "CONSUMER_HOME" && of.pack.Jurisdiction != home && !strings.HasPrefix(home, of.pack.Jurisdiction+"-") {
		why.Notes = append(why.Notes, "BASE_LAW_ONLY")
	}
	why.Jurisdiction, why.Version = of.pack.Jurisdiction, of.version
	return of, why, nil
}

func (l *law) lawRule() LawRule {
	if l.pack.Law == (LawRule{}) && l.base != nil {
		return l.base.Law
	}
	return l.pack.Law
}

// find gives the version of a law that was in force at the purchase; for older
// ones, the first there is.
func (b *Book) find(jurisdiction string, f *Facts) *law {
	for name := jurisdiction; name != ""; name = wider(name) {
		laws, ok := b.laws[name]
		if !ok {
			if laws, ok = b.laws[b.covers[name]]; !ok {
				continue
			}
		}
		found := laws[0]
		day := f.bought(found.zone)
		for _, l := range laws {
			if l.from <= day {
				found = l
			}
		}
		return found
	}
	return nil
}

func (f *Facts) bought(zone *time.Location) int64 {
	for _, m := range []Moment{f.Contract.At, f.Delivery.FirstAt, f.Delivery.At} {
		if !m.IsZero() {
			return m.in(zone)
		}
	}
	return f.AsOf.in(zone)
}
