package customer_test

import (
	"testing"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/sales/customer"
)

// What each role sees of a buyer follows from two permissions.
func TestWhoSeesTheBuyer(t *testing.T) {
	staff := func(name, seller string) actor.Actor {
		return actor.Actor{Kind: actor.Staff, Role: name, Seller: seller}
	}
	for _, one := range []struct {
		who                 string
		by                  actor.Actor
		contacts, addresses bool
	}{
		{"administrator", staff(role.Administrator, ""), true, true},
		{"supervisor", staff(role.Supervisor, ""), true, true},
		{"agent", staff(role.Agent, ""), true, true},
		{"auditor", staff(role.Auditor, ""), true, true},
		{"privacy officer", staff(role.Privacy, ""), true, true},
		{"warehouse", staff(role.Warehouse, ""), false, true},
		{"seller", staff(role.Seller, "tea"), false, false},
		{"key for cases", actor.Actor{Kind: actor.Key, Scopes: "case.read"}, false, false},
		{"key that packs", actor.Actor{Kind: actor.Key, Scopes: "case.read case.receive"}, false, true},
		{"key with customers", actor.Actor{Kind: actor.Key, Scopes: "case.read customer.read"}, true, true},
		{"key of a seller", actor.Actor{Kind: actor.Key, Scopes: "case.read customer.read", Seller: "tea"}, false, false},
		{"buyer", actor.Actor{Kind: actor.Customer, ID: "cus_1"}, true, true},
		{"the program", actor.Of("main"), true, true},
		{"nobody", actor.Actor{Kind: actor.Nobody}, false, false},
	} {
		s := customer.SightOf(one.by)
		if s.Contacts() != one.contacts || s.Addresses() != one.addresses {
			t.Errorf("%s: contacts %t, addresses %t; want %t, %t", one.who, s.Contacts(), s.Addresses(), one.contacts, one.addresses)
		}
	}
}

func TestASellerSeesAShortName(t *testing.T) {
	seller := customer.SightOf(actor.Actor{Kind: actor.Staff, Role: role.Seller, Seller: "tea"})
	for full, want := range map[string]string{
		"": "", "Anna Schmidt": "Anna S.", "Anna Maria von Schmidt": "Anna S.", "Prince": "P***", "王小明": "王**", "欧阳 娜娜": "欧**", "김철수": "김**",
		"anna@example.com": "***", "Анна Иванова": "Анна И.", "+49 171 1234567": "***", "محمد علي": "محمد ع.",
	} {
		if got := seller.Name(full); got != want {
			t.Errorf("%q is shown as %q, want %q", full, got, want)
		}
	}
}

func TestContactsInTextsAreHiddenFromWhoMayNotSeeThem(t *testing.T) {
	seller, agent := customer.SightOf(actor.Actor{Kind: actor.Staff, Role: role.Seller, Seller: "tea"}), customer.SightOf(actor.Actor{Kind: actor.Staff, Role: role.Agent})
	of := customer.Customer{Email: "lin.xiaowen@example.com", Phone: "+4917112345678"}
	for text, want := range map[string]string{
		"Write to Lin.Xiaowen@Example.com please": "Write to *** please",
		"a.b+c@mail.co.uk, thanks":                "***, thanks",
		"ruf 0171 / 123 456 78 an":                "ruf *** an",
		"call 004917112345678":                    "call ***",
		"(0171)12345678":                          "***",
		"微信13812342207谢谢":                         "微信***谢谢",
		"138 1234 2207":                           "***",
		"+1 (415) 555-0100":                       "***",
		"order 20260301-1001 of 2026-03-01, parcel 4006381333931": "order 20260301-1001 of 2026-03-01, parcel 4006381333931",
		"the lid is 12 x 14 cm, 250 g":                            "the lid is 12 x 14 cm, 250 g",
	} {
		if got := seller.Text(text, of); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
		if got := agent.Text(text, of); got != text {
			t.Errorf("%q is shown to an agent as %q", text, got)
		}
	}
}
