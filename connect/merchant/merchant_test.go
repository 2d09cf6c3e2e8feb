package merchant_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v85/webhook"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/connect/merchant"
	"github.com/aftercare/aftercare/connect/stripe"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/secret"
)

const (
	redKey  = "sk_live_4f9aRedShopSecret0001"
	blueKey = "sk_live_77c2BlueShopSecret0002"
	newKey  = "sk_live_0b1dRedShopSecret0003"
)

func TestTwoShopsPayBackThroughTheirOwnAccountsAtOnce(t *testing.T) {
	each(t, func(x *house) {
		x.stripe.set(func() { x.stripe.owners = map[string]string{redKey: "red", blueKey: "blue"} })
		red, blue := x.add("red", "Red", redKey, nil), x.add("blue", "Blue", blueKey, nil)
		a, b := x.owe("red", "o1", "pi_red_1"), x.owe("blue", "o1", "pi_blue_1")
		nobody := x.owe("green", "o1", "pi_red_2")
		x.run()
		for _, want := range []struct{ shop, id, account string }{{"red", a.ID, red.ID}, {"blue", b.ID, blue.ID}} {
			if p := x.payout(want.shop, want.id); p.State != settlement.Succeeded || p.Account != want.account {
				t.Errorf("%s: %s through %q (%s), want it paid through %s", want.shop, p.State, p.Account, p.LastError, want.account)
			}
		}
		if p := x.payout("green", nobody.ID); p.State != settlement.Manual || p.Account != "" {
			t.Errorf("a shop without an account: %s through %q", p.State, p.Account)
		}
		if x.stripe.paid("red") != 1 || x.stripe.paid("blue") != 1 {
			t.Errorf("paid %d and %d times, want each once", x.stripe.paid("red"), x.stripe.paid("blue"))
		}
	})
}

func TestTheAccountThatTookAPaymentPaysItBackAfterAChangeOfAccounts(t *testing.T) {
	each(t, func(x *house) {
		x.stripe.set(func() {
			x.stripe.owners = map[string]string{redKey: "old", newKey: "new"}
			x.stripe.silent = true
		})
		old := x.add("red", "Old", redKey, nil)
		x.placed["before"] = x.clock.Now()
		x.clock.Add(time.Hour)
		under := x.owe("red", "before", "pi_old_1")
		x.run() // taken, not decided
		fresh := x.add("red", "New", newKey, nil)
		x.clock.Add(time.Hour)
		x.placed["after"] = x.clock.Now()
		if got := x.owe("red", "after", "pi_new_1"); got.Account != fresh.ID {
			t.Errorf("an order after the change goes through %s, want %s", got.Account, fresh.ID)
		}
		late := x.owe("red", "before", "pi_old_2")
		if late.Account != old.ID {
			t.Errorf("an order from before the change goes through %s, want %s", late.Account, old.ID)
		}
		// The old account goes: what is under way ends with it, also after a restart.
		x.change(func(tx *db.Tx) (merchant.Account, error) {
			return x.merchants.Remove(x.Context(), tx, actor.Of("red"), old.ID)
		})
		x.wire()
		x.stripe.set(func() {
			x.stripe.silent = false
			for _, one := range x.stripe.refunds["old"] {
				one["status"] = "succeeded"
			}
		})
		x.clock.Add(2 * time.Hour)
		x.run()
		for _, id := range []string{under.ID, late.ID} {
			if p := x.payout("red", id); p.State != settlement.Succeeded || p.Account != old.ID {
				t.Errorf("under way: %s through %s (%s), want it paid through %s", p.State, p.Account, p.LastError, old.ID)
			}
		}
		x.clock.Add(time.Hour)
		x.write(func(tx *db.Tx) error { return x.queue.Enqueue(x.Context(), tx, job.New{Kind: "merchant.sweep"}) })
		x.run()
		if all := x.everything(); strings.Contains(all, `"name":"key","last":"0001"`) {
			t.Error("the secrets of an account without anything under way are still there")
		}
		// What it took is not paid through another account.
		after := x.owe("red", "before", "pi_old_3")
		x.run()
		if p := x.payout("red", after.ID); p.State != settlement.Manual || p.Account != old.ID || !strings.Contains(p.LastError, "removed") {
			t.Errorf("after it is gone: %s through %s (%s), want a person to pay", p.State, p.Account, p.LastError)
		}
	})
}

func TestADisabledAccountBeginsNothingAndEndsWhatIsUnderWay(t *testing.T) {
	each(t, func(x *house) {
		x.stripe.set(func() { x.stripe.owners = map[string]string{redKey: "red"}; x.stripe.silent = true })
		a := x.add("red", "Red", redKey, nil)
		under := x.owe("red", "o1", "pi_red_1")
		x.run()
		x.change(func(tx *db.Tx) (merchant.Account, error) {
			return x.merchants.Disable(x.Context(), tx, actor.Of("red"), a.ID)
		})
		x.clock.Add(time.Second)
		waiting := x.owe("red", "o2", "pi_red_2")
		x.stripe.set(func() {
			x.stripe.silent = false
			for _, one := range x.stripe.refunds["red"] {
				one["status"] = "succeeded"
			}
		})
		x.clock.Add(2 * time.Hour)
		x.run()
		if p := x.payout("red", under.ID); p.State != settlement.Succeeded {
			t.Errorf("under way: %s (%s)", p.State, p.LastError)
		}
		if p := x.payout("red", waiting.ID); p.State != settlement.Manual || x.stripe.paid("red") != 1 {
			t.Errorf("not begun: %s, %d refunds", p.State, x.stripe.paid("red"))
		}
		x.change(func(tx *db.Tx) (merchant.Account, error) {
			return x.merchants.Enable(x.Context(), tx, actor.Of("red"), a.ID)
		})
		x.write(func(tx *db.Tx) error {
			_, err := x.payouts.Act(x.Context(), tx, actor.Of("red"), waiting.ID, 0, settlement.Retry, "")
			return err
		})
		x.run()
		if p := x.payout("red", waiting.ID); p.State != settlement.Succeeded {
			t.Errorf("tried again after it is on: %s (%s)", p.State, p.LastError)
		}
	})
}

func TestAMessageCountsOnlyForTheAccountWhoseSecretSignedIt(t *testing.T) {
	each(t, func(x *house) {
		x.stripe.set(func() {
			x.stripe.owners = map[string]string{redKey: "red", newKey: "other"}
			x.stripe.silent = true
		})
		a := x.add("red", "Red", redKey, nil)
		p := x.owe("red", "o1", "pi_red_1")
		x.run()
		other := x.add("red", "Other", newKey, nil)
		x.stripe.set(func() {
			x.stripe.refunds["red"][0]["status"] = "succeeded"
			x.stripe.refunds["other"] = x.stripe.refunds["red"]
		})
		tell := func(account, secret string) error {
			opened, err := x.merchants.Opened(x.Context(), "red", stripe.Name, account)
			if err != nil || opened == nil {
				t.Fatalf("opened %v, %v", opened, err)
			}
			body := []byte(`{"id":"evt_1","object":"event","type":"refund.updated","data":{"object":{"id":"re_red_0","metadata":{"aftercare_payout":"` + p.ID + `","aftercare_tenant":"red"}}}}`)
			now := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: body, Secret: secret})
			return opened.(*stripe.Provider).Hook(x.Context(), "red", http.Header{"Stripe-Signature": {now.Header}}, body)
		}
		if err := tell(a.ID, "whsec_of_"+newKey); !errors.Is(err, stripe.ErrSignature) {
			t.Errorf("signed with another account's secret: %v", err)
		}
		if err := tell(other.ID, "whsec_of_"+newKey); !errors.Is(err, settlement.ErrUnknown) || x.payout("red", p.ID).State != settlement.Submitted {
			t.Errorf("another account about a payout of the first: %v, %s", err, x.payout("red", p.ID).State)
		}
		if err := tell(a.ID, "whsec_of_"+redKey); err != nil || x.payout("red", p.ID).State != settlement.Succeeded {
			t.Errorf("its own account: %v, %s", err, x.payout("red", p.ID).State)
		}
		for _, wrong := range []struct{ shop, provider, account string }{{"blue", stripe.Name, a.ID}, {"red", "alipay", a.ID}, {"red", stripe.Name, "acc_none"}} {
			if opened, err := x.merchants.Opened(x.Context(), wrong.shop, wrong.provider, wrong.account); opened != nil || err != nil {
				t.Errorf("%v: opened %v, %v; want nothing", wrong, opened, err)
			}
		}
	})
}

func TestNoSecretIsEverToldOrStoredInTheOpen(t *testing.T) {
	each(t, func(x *house) {
		x.stripe.set(func() { x.stripe.owners = map[string]string{redKey: "red"} })
		by := x.admin("red", true)
		var told strings.Builder
		say := func(a apitest.Answer) apitest.Answer { told.WriteString(string(a.Raw)); return a }
		bad := "sk_live_9999WrongShopSecret0009" // Stripe's answer repeats it
		fields := map[string]any{"provider": "stripe", "name": "Red", "secrets": map[string]string{"key": bad, "webhook_secret": "whsec_0011223344556677"}}
		made := say(x.do(by, "POST", "/v1/accounts", fields, apitest.Key("once"))).Want(t, 201, "")
		say(x.do(by, "POST", "/v1/accounts", fields, apitest.Key("once"))).Want(t, 201, "") // from the store of answers
		id := made.Text("id")
		if made.Text("hook") != "https://care.example/v1/hooks/stripe/red/"+id {
			t.Errorf("hook %s", made.Text("hook"))
		}
		x.run()
		failed := say(x.do(by, "GET", "/v1/accounts/"+id, nil)).Want(t, 200, "")
		if failed.Text("test.code") != "refused" || !strings.Contains(failed.Text("test.text"), "Invalid API Key") {
			t.Errorf("a wrong key: %s", failed.Raw)
		}
		say(x.do(by, "PUT", "/v1/accounts/"+id, map[string]any{"name": "Red", "secrets": map[string]string{"key": redKey}}, apitest.IfMatch(1))).Want(t, 200, "")
		x.run()
		passed := say(x.do(by, "GET", "/v1/accounts?kind=payment", nil)).Want(t, 200, "")
		if passed.Text("items.0.test.state") != "passed" || passed.Text("items.0.identity") != "acct_red" || passed.Text("items.0.secrets.0.last") != "0001" || passed.Text("items.0.secrets.1.name") != "webhook_secret" {
			t.Errorf("a right key: %s", passed.Raw)
		}
		say(x.do(by, "POST", "/v1/accounts/"+id+"/actions", map[string]any{"action": "test"})).Want(t, 200, "")
		say(x.do(by, "GET", "/v1/accounts/providers", nil)).Want(t, 200, "")
		say(x.do(by, "POST", "/v1/accounts", map[string]any{"provider": "stripe", "name": "", "secrets": map[string]string{"key": "pk_of_another_kind_7777", "nonsense_8888": "sk_live_other6666"}})).Want(t, 422, "merchant.invalid")
		x.run()
		for where, text := range map[string]string{"an answer": told.String(), "the database": x.everything(), "the log": x.log.String()} {
			for _, secret := range []string{bad, redKey, "whsec_0011223344556677", "pk_of_another_kind_7777", "sk_live_other6666"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s holds %s", where, secret)
				}
			}
		}
	})
}

func TestOnlyAdministratorsWhoHaveJustConfirmedChangeAccounts(t *testing.T) {
	each(t, func(x *house) {
		a := x.add("red", "Red", redKey, nil)
		fields := map[string]any{"provider": "stripe", "name": "Red", "secrets": map[string]string{"key": redKey}}
		calls := []struct {
			method, path string
			body         any
		}{
			{"POST", "/v1/accounts", fields}, {"PUT", "/v1/accounts/" + a.ID, map[string]any{"name": "Other"}},
			{"POST", "/v1/accounts/" + a.ID + "/actions", map[string]any{"action": "disable"}}, {"DELETE", "/v1/accounts/" + a.ID, nil},
		}
		open := x.admin("red", false)
		for _, call := range calls {
			x.do(open, call.method, call.path, call.body, apitest.IfMatch(1)).Want(t, 403, session.ErrStepUp.Code)
		}
		for _, name := range role.Roles[1:] {
			by := x.admin("red", true)
			by.Role = name
			for _, call := range append(calls, struct {
				method, path string
				body         any
			}{"GET", "/v1/accounts", nil}) {
				x.do(by, call.method, call.path, call.body, apitest.IfMatch(1)).Want(t, 403, role.ErrDenied.Code)
			}
		}
		key := actor.Actor{Tenant: "red", Kind: actor.Key, ID: "key_1", Scopes: "account.manage"}
		x.do(key, "GET", "/v1/accounts", nil).Want(t, 403, role.ErrDenied.Code)
		foreign := x.admin("blue", true)
		x.do(foreign, "DELETE", "/v1/accounts/"+a.ID, nil).Want(t, 404, "merchant.unknown")
		sure := x.admin("red", true)
		x.do(sure, "PUT", "/v1/accounts/"+a.ID, map[string]any{"name": "Other"}, apitest.IfMatch(7)).Want(t, 412, "merchant.stale")
		x.do(sure, "DELETE", "/v1/accounts/"+a.ID, nil).Want(t, 204, "")
		x.do(sure, "DELETE", "/v1/accounts/"+a.ID, nil).Want(t, 409, "merchant.move")
	})
}

func TestWhoseAccountItIsCannotChange(t *testing.T) {
	each(t, func(x *house) {
		x.stripe.set(func() { x.stripe.owners = map[string]string{redKey: "red", newKey: "other"} })
		a := x.add("red", "Red", redKey, nil)
		x.run()
		x.change(func(tx *db.Tx) (merchant.Account, error) {
			return x.merchants.Change(x.Context(), tx, actor.Of("red"), merchant.Account{ID: a.ID, Name: "Red"}, map[string]string{"key": newKey}, nil)
		})
		x.run()
		if got := x.do(x.admin("red", false), "GET", "/v1/accounts/"+a.ID, nil); got.Text("test.code") != "other" || got.Text("identity") != "acct_red" {
			t.Errorf("a key of another account: %s", got.Raw)
		}
		kuaidi := x.change(func(tx *db.Tx) (merchant.Account, error) {
			return x.merchants.Add(x.Context(), tx, actor.Of("red"), merchant.Account{Provider: "kuaidi100", Name: "快递100", Settings: map[string]string{"customer": "A"}}, map[string]string{"key": "k1"}, nil)
		})
		err := x.d.Write(x.Context(), func(tx *db.Tx) error {
			_, err := x.merchants.Change(x.Context(), tx, actor.Of("red"), merchant.Account{ID: kuaidi.ID, Name: "x", Settings: map[string]string{"customer": "B"}}, nil, nil)
			return err
		})
		if !errors.Is(err, merchant.ErrIdentity) {
			t.Errorf("another customer of 快递100: %v", err)
		}
		second := x.change(func(tx *db.Tx) (merchant.Account, error) {
			return x.merchants.Add(x.Context(), tx, actor.Of("red"), merchant.Account{Provider: "kuaidi100", Name: "new", Settings: map[string]string{"customer": "B"}}, map[string]string{"key": "k2"}, nil)
		})
		x.write(func(tx *db.Tx) error {
			own, err := x.merchants.Carriers(x.Context(), tx, "red")
			if len(own) != 1 || own[0].Account != second.ID {
				t.Errorf("a shop books with %+v, want %s alone", own, second.ID)
			}
			if kept, err := x.merchants.Kept(x.Context(), tx, "red", kuaidi.ID); kept == nil || err != nil {
				t.Errorf("what began with the first: %v, %v", kept, err)
			}
			return err
		})
	})
}

func TestSecretsSealedWithAnotherKeyAreToldAndCanBeGivenAnew(t *testing.T) {
	each(t, func(x *house) {
		x.stripe.set(func() { x.stripe.owners = map[string]string{redKey: "red"} })
		a := x.add("red", "Red", redKey, nil)
		x.run()
		x.keys, _ = secret.New([]byte(strings.Repeat("n", secret.Size)))
		x.wire()
		by := x.admin("red", true)
		x.do(by, "POST", "/v1/accounts/"+a.ID+"/actions", map[string]any{"action": "test"}).Want(t, 200, "")
		x.run()
		if got := x.do(by, "GET", "/v1/accounts/"+a.ID, nil); got.Text("test.code") != "unsealed" {
			t.Errorf("with another key of the installation: %s", got.Raw)
		}
		if _, _, err := x.merchants.Pays(x.Context(), "red", a.ID); err == nil {
			t.Error("it was opened with another key")
		}
		x.do(by, "PUT", "/v1/accounts/"+a.ID, map[string]any{"name": "Red", "secrets": map[string]string{"key": redKey}}, apitest.IfMatch(1)).Want(t, 200, "")
		x.run()
		if got := x.do(by, "GET", "/v1/accounts/"+a.ID, nil); got.Text("test.state") != "passed" {
			t.Errorf("given anew: %s", got.Raw)
		}
	})
}
