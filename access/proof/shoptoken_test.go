package proof_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func (h house) key(tenant string) (proof.ShopKey, string) {
	h.Helper()
	var k proof.ShopKey
	var secret string
	err := h.store.Write(h.Context(), func(tx *db.Tx) (err error) {
		k, secret, err = h.s.MakeKey(h.Context(), tx, actor.Actor{Tenant: tenant, Kind: actor.Staff, ID: "stf_1"}, "Shop")
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return k, secret
}

func sign(t *testing.T, kid, secret string, method jwt.SigningMethod, says jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, says)
	token.Header["kid"] = kid
	var with any = []byte(secret)
	if method == jwt.SigningMethodNone {
		with = jwt.UnsafeAllowNoneSignatureType
	}
	signed, err := token.SignedString(with)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func TestATokenOfTheShopSignsItsCustomerIn(t *testing.T) {
	each(t, false, func(h house) {
		k, secret := h.key("blue")
		soon := noon.Add(5 * time.Minute).Unix()
		for name, says := range map[string]jwt.MapClaims{
			"order":              {"order": "ONE", "exp": soon},
			"order and customer": {"order": "#A1", "sub": "shop-7", "exp": soon, "iat": noon.Unix()},
			"an hour ahead":      {"order": "ONE", "exp": noon.Add(proof.TokenLife).Unix()},
			"a clock behind":     {"order": "ONE", "exp": noon.Add(-proof.Skew / 2).Unix()},
		} {
			a := h.post("blue", "/v1/my/session", map[string]string{"token": sign(t, k.ID, secret, jwt.SigningMethodHS256, says)})
			if a.Status != http.StatusOK || a.Text("customer.id") != "cus_lin" || a.Text("order") != "ord_a1" {
				h.Errorf("%s: %d %s", name, a.Status, a.Raw)
			}
		}
	})
}

func TestATokenThatIsNotTheShopsIsRefused(t *testing.T) {
	each(t, false, func(h house) {
		k, secret := h.key("blue")
		foreign, other := h.key("red")
		soon := noon.Add(5 * time.Minute).Unix()
		good := jwt.MapClaims{"order": "A1", "exp": soon}
		right := sign(t, k.ID, secret, jwt.SigningMethodHS256, good)
		for _, tt := range []struct{ name, token, want string }{
			{"forged", sign(t, k.ID, "guess", jwt.SigningMethodHS256, good), "proof.token"},
			{"changed", right[:len(right)-3] + "AAA", "proof.token"},
			{"unsigned", sign(t, k.ID, "", jwt.SigningMethodNone, good), "proof.token"},
			{"another algorithm", sign(t, k.ID, secret, jwt.SigningMethodHS512, good), "proof.token"},
			{"another shop's key", sign(t, foreign.ID, other, jwt.SigningMethodHS256, good), "proof.token"},
			{"another shop's secret", sign(t, k.ID, other, jwt.SigningMethodHS256, good), "proof.token"},
			{"nonsense", "a.b.c", "proof.token"},
			{"without an end", sign(t, k.ID, secret, jwt.SigningMethodHS256, jwt.MapClaims{"order": "A1"}), "proof.token"},
			{"expired", sign(t, k.ID, secret, jwt.SigningMethodHS256, jwt.MapClaims{"order": "A1", "exp": noon.Add(-time.Minute).Unix()}), "proof.token_expired"},
			{"for ever", sign(t, k.ID, secret, jwt.SigningMethodHS256, jwt.MapClaims{"order": "A1", "exp": noon.Add(2 * time.Hour).Unix()}), "proof.token_long"},
			{"no order", sign(t, k.ID, secret, jwt.SigningMethodHS256, jwt.MapClaims{"sub": "shop-7", "exp": soon}), "proof.token_order"},
			{"another customer", sign(t, k.ID, secret, jwt.SigningMethodHS256, jwt.MapClaims{"order": "A1", "sub": "shop-8", "exp": soon}), "proof.token_order"},
			{"an order of nobody", sign(t, k.ID, secret, jwt.SigningMethodHS256, jwt.MapClaims{"order": "Z9", "exp": soon}), "proof.token_order"},
			{"two orders with a number", sign(t, k.ID, secret, jwt.SigningMethodHS256, jwt.MapClaims{"order": "TWO", "exp": soon}), "proof.token_order"},
		} {
			if a := h.post("blue", "/v1/my/session", map[string]string{"token": tt.token}); a.Status != 401 || a.Text("code") != tt.want {
				h.Errorf("%s: %d %s, want %s", tt.name, a.Status, a.Text("code"), tt.want)
			}
		}
		h.post("red", "/v1/my/session", map[string]string{"token": right}).Want(h, 401, "proof.token")
		h.post("blue", "/v1/my/session", map[string]string{"token": right, "link": "x"}).Want(h, 422, "request.invalid")
	})
}

func TestKeysTakeOverFromEachOther(t *testing.T) {
	each(t, false, func(h house) {
		old, oldSecret := h.key("blue")
		fresh, freshSecret := h.key("blue")
		says := jwt.MapClaims{"order": "A1", "sub": "shop-7", "exp": noon.Add(time.Minute).Unix()}
		enter := func(k proof.ShopKey, secret string) apitest.Answer {
			return h.post("blue", "/v1/my/session", map[string]string{"token": sign(t, k.ID, secret, jwt.SigningMethodHS256, says)})
		}
		enter(old, oldSecret).Want(h, 200, "")
		enter(fresh, freshSecret).Want(h, 200, "")
		staff := actor.Actor{Tenant: "blue", Kind: actor.Staff, ID: "stf_1"}
		err := h.store.Write(t.Context(), func(tx *db.Tx) error { return h.s.RemoveKey(t.Context(), tx, staff, old.ID) })
		if err != nil {
			t.Fatal(err)
		}
		enter(old, oldSecret).Want(h, 401, "proof.token")
		enter(fresh, freshSecret).Want(h, 200, "")
		for range proof.MostKeys - 1 {
			h.key("blue")
		}
		err = h.store.Write(t.Context(), func(tx *db.Tx) error {
			all, err := h.s.ShopKeys(t.Context(), tx, staff)
			if err != nil {
				return err
			}
			if len(all) != proof.MostKeys || all[len(all)-1].UsedAt.IsZero() {
				t.Errorf("keys %+v", all)
			}
			_, _, err = h.s.MakeKey(t.Context(), tx, staff, "one too many")
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "as many keys") {
			t.Errorf("one key too many: %v", err)
		}
	})
}

func TestAnExpiredLinkIsSentAgainToTheCustomer(t *testing.T) {
	each(t, false, func(h house) {
		link := h.s.Link("blue", "cus_lin", "ord_a1", noon.Add(time.Hour))
		h.clock.Add(2 * time.Hour)
		h.post("blue", "/v1/my/session", map[string]string{"link": link}).Want(h, 401, "proof.link_expired")
		h.post("blue", "/v1/my/link", map[string]string{"link": link[:len(link)-4]}).Want(h, 401, "proof.link")
		h.post("red", "/v1/my/link", map[string]string{"link": link}).Want(h, 401, "proof.link")
		h.post("blue", "/v1/my/link", map[string]string{"link": link}).Want(h, 202, "")
		all, _ := h.sent()
		if len(all) != 1 || !strings.HasPrefix(all[0], "blue email Lin@Example.com") {
			h.Fatalf("sent %q", all)
		}
		fresh := all[0][strings.LastIndex(all[0], " ")+1:]
		h.post("blue", "/v1/my/session", map[string]string{"link": fresh}).Want(h, 200, "")
		for range 5 {
			h.post("blue", "/v1/my/link", map[string]string{"link": link}).Want(h, 202, "")
		}
		h.post("blue", "/v1/my/link", map[string]string{"link": link}).Want(h, 429, "proof.too_many")
	})
}

func TestTheCodeOnASlipLeadsToTheLookUp(t *testing.T) {
	each(t, false, func(h house) {
		for host, want := range map[string]string{"": "https://portal.example/?order=A%261+%E4%B8%AD", "blue.example": "https://blue.example/?order=A%261+%E4%B8%AD"} {
			if got := h.s.LookupLink(tenant.Tenant{Host: host}, "A&1 中"); got != want {
				t.Errorf("link %s, want %s", got, want)
			}
		}
		apitest.Do(h, h.api, "GET", "/v1/shop/qr.png?order=A1", func(r *http.Request) { r.Host = "blue.example" }).Want(h, 401, "request.unauthenticated")
	})
}
