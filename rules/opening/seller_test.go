package opening_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/rules/opening"
	"github.com/aftercare/aftercare/rules/policy"
)

var (
	north = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_5", Name: "Nils", Role: role.Seller, Seller: "north"}
	south = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_6", Name: "Sara", Role: role.Seller, Seller: "south"}
	tool  = actor.Actor{Tenant: "main", Kind: actor.Key, ID: "key_1", Name: "ERP", Scopes: "calendar.read calendar.write", Seller: "south"}
)

const ofNorth = path + "?seller=north"

// off is a closure of so many days from a date.
func off(from string, days int) object {
	first, _ := time.Parse(time.DateOnly, from)
	return object{"from": from, "to": first.AddDate(0, 0, days-1).Format(time.DateOnly), "name": "Closed from " + from}
}

func closed(all ...object) object { return office(object{"closures": all}) }

func TestASellerHasTheShopsCalendarUntilItHasItsOwn(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, d *db.DB) {
		do(t, h, admin, "PUT", path, "*", closed(spring))
		for _, by := range []actor.Actor{admin, boss, north} {
			got := do(t, h, by, "GET", ofNorth, "", nil)
			if at(got, "own") != "false" || at(got, "version") != "0" || at(got, "closures.0.name") != "春节" || at(got, "timers") != "[answer]" || at(got, "limits.row_days") != "14" || at(got, "sellers") != "<nil>" {
				t.Errorf("%s: %s", by.Role, got.Raw)
			}
		}
		made := do(t, h, north, "PUT", path, "*", office(object{"zone": "America/New_York", "country": "US"}))
		if made.Status != 200 || at(made, "own") != "true" || at(made, "seller") != "north" || at(made, "version") != "1" {
			t.Fatalf("its first: %d %s", made.Status, made.Raw)
		}
		if got := do(t, h, admin, "GET", path, "", nil); at(got, "version") != "1" || at(got, "zone") != "Asia/Shanghai" || at(got, "own") != "true" {
			t.Errorf("the shop's: %s", got.Raw)
		}
		if got := do(t, h, south, "GET", path, "", nil); at(got, "own") != "false" || at(got, "zone") != "Asia/Shanghai" {
			t.Errorf("another seller's: %s", got.Raw)
		}
		if got := do(t, h, admin, "GET", "/v1/shop/calendar-sellers", "", nil); at(got, "items.0.seller") != "north" || strings.Contains(string(got.Raw), "south") {
			t.Errorf("sellers with their own: %s", got.Raw)
		}
		back := do(t, h, north, "DELETE", path, `"1"`, nil)
		if back.Status != 200 || at(back, "own") != "false" || at(back, "version") != "2" || at(back, "zone") != "Asia/Shanghai" {
			t.Errorf("back: %d %s", back.Status, back.Raw)
		}
		if again := do(t, h, north, "DELETE", path, `"2"`, nil); at(again, "version") != "2" {
			t.Errorf("back twice: %s", again.Raw)
		}
		past := do(t, h, north, "GET", path+"/versions", "", nil)
		if at(past, "items.0.own") != "false" || at(past, "items.0.parts") != "[own]" || at(past, "items.1.calendar.zone") != "America/New_York" || at(past, "items.1.by.name") != "Nils" {
			t.Errorf("nothing is lost: %s", past.Raw)
		}
		if got := do(t, h, admin, "GET", "/v1/shop/calendar-sellers", "", nil); len(got.At("items").([]any)) != 0 {
			t.Errorf("after it went back: %s", got.Raw)
		}
		var told []string
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			all, err := event.History(t.Context(), tx, "main", "opening", "service/north")
			for _, e := range all {
				told = append(told, e.Type+" "+string(e.Data))
			}
			return err
		})
		want := []string{
			`opening.seller_changed {"desk":"service","seller":"north","parts":["own","zone","country","closures"]}`,
			`opening.seller_returned {"desk":"service","seller":"north"}`,
		}
		if diff := cmp.Diff(want, told); err != nil || diff != "" {
			t.Errorf("announced: %v %s", err, diff)
		}
	})
}

func TestWhoeverWorksForASellerHasNoCalendarButItsOwn(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, d *db.DB) {
		if got := do(t, h, admin, "PUT", ofNorth, "*", closed(off("2026-12-01", 5))); got.Status != 200 {
			t.Fatalf("by the shop: %d %s", got.Status, got.Raw)
		}
		for _, by := range []actor.Actor{south, tool} {
			for route, body := range map[string]any{
				"GET " + path: nil, "PUT " + path: office(nil), "DELETE " + path: nil, "POST " + path + "/preview": office(nil), "GET " + path + "/versions": nil,
				"POST " + path + "/import": object{"content": "BEGIN:VCALENDAR\nEND:VCALENDAR"}, "GET " + path + "/calendar.ics": nil, "GET /v1/shop/calendars": nil,
			} {
				method, to, _ := strings.Cut(route, " ")
				if got := do(t, h, by, method, to+"?seller=north", "*", body); got.Status != 404 || got.Code() != "opening.seller" {
					t.Errorf("%s of another by %s: %d %s", route, by.ID, got.Status, got.Raw)
				}
				if got := do(t, h, by, method, to+"?seller=south", "*", body); got.Status != 200 || strings.Contains(string(got.Raw), "Closed from") {
					t.Errorf("%s of its own by %s: %d %s", route, by.ID, got.Status, got.Raw)
				}
			}
			if got := do(t, h, by, "GET", "/v1/shop/calendar-sellers", "", nil); strings.Contains(string(got.Raw), "north") {
				t.Errorf("%s is told of %s", by.ID, got.Raw)
			}
		}
		for _, tt := range []struct {
			by           actor.Actor
			method, path string
			want         int
			code         string
		}{
			{boss, "PUT", ofNorth, 403, "role.denied"},
			{clerk, "GET", ofNorth, 403, "role.denied"},
			{admin, "GET", "/v1/shop/calendars/warehouse?seller=north", 404, "opening.desk"},
			{north, "PUT", "/v1/shop/calendars/warehouse", 404, "opening.desk"},
			{admin, "DELETE", path, 404, "opening.seller"},
			{admin, "PUT", path + "?seller=%20", 404, "opening.seller"}, // not the shop's
			{admin, "GET", path + "?seller=%20", 404, "opening.seller"},
			{north, "DELETE", path, 200, ""},
			{another, "GET", ofNorth, 200, ""},
		} {
			var body any
			if tt.method == "PUT" {
				body = office(nil)
			}
			got := do(t, h, tt.by, tt.method, tt.path, "*", body)
			if got.Status != tt.want || got.Status != 200 && got.Code() != tt.code || strings.Contains(string(got.Raw), "Closed from") {
				t.Errorf("%s %s by %s: %d %s", tt.method, tt.path, tt.by.ID, got.Status, got.Raw)
			}
		}
	})
}

func TestTheShopDecidesHowFarASellerMayGo(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, d *db.DB) {
		refused := func(code string, body object) {
			t.Helper()
			for _, route := range []string{"PUT " + path, "POST " + path + "/preview"} {
				method, to, _ := strings.Cut(route, " ")
				if got := do(t, h, north, method, to, "*", body); got.Status != 422 || got.Code() != "opening.limit" || at(got, "errors.0.code") != code {
					t.Errorf("%s: %d %s, want %s", route, got.Status, got.Raw, code)
				}
			}
		}
		allowed := func(by actor.Actor, to string, body object) {
			t.Helper()
			if got := do(t, h, by, "PUT", to, "*", body); got.Status != 200 {
				t.Errorf("%s by %s: %d %s", to, by.ID, got.Status, got.Raw)
			}
		}
		// 2027-03-01 is a Monday. Two weeks, then a weekend, then one more day are one closure.
		refused("row", closed(off("2027-03-01", 15)))
		refused("row", closed(off("2027-03-01", 12), off("2027-03-15", 1)))
		jumbled := do(t, h, north, "PUT", path, "*", closed(off("2027-03-01", 15), off("2027-01-05", 1)))
		if at(jumbled, "errors.0.field") != "body.closures[0].to" {
			t.Errorf("not in order: %s", jumbled.Raw)
		}
		allowed(north, path, closed(off("2027-03-01", 14)))
		allowed(north, path, closed(off("2027-03-01", 12), off("2027-03-16", 1)))
		refused("year", closed(off("2027-03-01", 14), off("2027-06-01", 14), off("2027-09-01", 3)))
		allowed(north, path, closed(off("2027-03-01", 14), off("2027-06-01", 14), off("2028-09-01", 3)))
		short := office(object{"week": []object{{"day": 1, "from": "00:00", "to": "24:00"}}})
		refused("week", short)

		allowed(admin, ofNorth, closed(off("2027-03-01", 31))) // the shop may grant it
		allowed(north, path, office(object{"closures": []object{off("2027-03-01", 31)}, "mode": "wait"}))
		refused("row", closed(off("2027-03-01", 32)))
		refused("year", closed(off("2027-03-01", 31), off("2027-06-01", 1)))

		limits := func(own bool, row, year, week int) object {
			return office(object{"sellers": object{"own": own, "row_days": row, "year_days": year, "week_hours": week}})
		}
		if got := do(t, h, admin, "PUT", path, "*", limits(true, 93, 30, 30)); got.Status != 422 || at(got, "errors.0.field") != "body.sellers.row_days" {
			t.Errorf("limits that are none: %d %s", got.Status, got.Raw)
		}
		if got := do(t, h, admin, "PUT", ofNorth, "*", limits(true, 14, 30, 30)); got.Status != 422 || at(got, "errors.0.code") != "sellers" {
			t.Errorf("limits in a seller's: %d %s", got.Status, got.Raw)
		}
		allowed(admin, path, limits(true, 3, 30, 24))
		allowed(admin, path, office(nil)) // what is not said stays
		allowed(south, path, short)
		if got := do(t, h, south, "PUT", path, "*", closed(off("2027-03-01", 4))); got.Code() != "opening.limit" || at(got, "row_days") != "3" {
			t.Errorf("with less: %s", got.Raw)
		}
		allowed(admin, path, limits(false, 3, 30, 24))
		for _, method := range []string{"PUT", "DELETE"} {
			var body any
			if method == "PUT" {
				body = office(nil)
			}
			if got := do(t, h, south, method, path, "*", body); got.Status != 403 || got.Code() != "opening.shop_only" {
				t.Errorf("%s where the shop keeps them: %d %s", method, got.Status, got.Raw)
			}
		}
		allowed(admin, path+"?seller=south", office(nil))
	})
}

func TestDaysThatAreOverStayCounted(t *testing.T) {
	dbtest.EachAt(t, schemas, time.Date(2026, 2, 2, 2, 0, 0, 0, time.UTC), func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		write(t, d, func(tx *db.Tx) error {
			_, err := tenant.Create(t.Context(), tx, tenant.Tenant{ID: "main", Name: "Shop", Host: "main.example", Zone: "Asia/Shanghai", Language: "en", Currency: "CNY"})
			return err
		})
		a := apitest.New(d, role.Allow)
		(&opening.Service{}).Routes(a, d)
		h := a.Handler()
		for _, step := range []struct {
			when string
			body object
			want int
		}{
			{"2026-02-02", closed(off("2026-02-03", 14)), 200},
			{"2026-02-20", office(nil), 200}, // they are taken out, and were closed all the same
			{"2026-02-21", closed(off("2026-04-01", 14), off("2026-06-01", 3)), 422},
			{"2026-02-21", closed(off("2026-04-01", 14), off("2026-06-01", 2)), 200},
			{"2026-02-22", closed(off("2027-04-01", 14), off("2027-06-01", 14)), 200}, // another year
		} {
			when, _ := time.Parse(time.DateOnly, step.when)
			clock.Set(when.Add(6 * time.Hour))
			if got := do(t, h, north, "PUT", path, "*", step.body); got.Status != step.want {
				t.Errorf("%s: %d %s", step.when, got.Status, got.Raw)
			}
		}
	})
}

func TestASellersHoursCountAcrossAHolidayAndTheChangeOfClocks(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, d *db.DB) {
		do(t, h, admin, "PUT", path, "*", office(nil))
		do(t, h, north, "PUT", path, "*", office(object{"zone": "America/New_York", "country": "US"}))
		for _, tt := range []struct{ seller, timer, from, want string }{
			{"north", "answer", "2026-11-23T14:00:00Z", "2026-12-01T17:00:00Z"}, // four days, without Thanksgiving, and three hours of Tuesday
			{"north", "answer", "2026-10-30T13:00:00Z", "2026-11-06T17:00:00Z"}, // nine in summer, noon in winter
			{"south", "answer", "2026-11-23T01:00:00Z", "2026-11-30T04:00:00Z"}, // five days and three hours in Shanghai
			{"", "answer", "2026-11-23T01:00:00Z", "2026-11-30T04:00:00Z"},
			{"north", "payout", "2026-11-23T01:00:00Z", "2026-11-30T04:00:00Z"}, // money is the shop's
		} {
			from, _ := time.Parse(time.RFC3339, tt.from)
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				c, counts, err := opening.Keeping(t.Context(), tx, "main", tt.seller, tt.timer)
				if err != nil || !counts {
					t.Errorf("%s %s counts: %v, %v", tt.seller, tt.timer, counts, err)
				}
				got, err := c.After(from, 48*time.Hour)
				if got.Format(time.RFC3339) != tt.want {
					t.Errorf("%s %s from %s: %s, want %s", tt.seller, tt.timer, tt.from, got.Format(time.RFC3339), tt.want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		got := do(t, h, north, "POST", path+"/preview", "", office(object{"zone": "America/New_York", "country": "US", "mode": "clock"}))
		if len(got.At("next").([]any)) != 1 || at(got, "next.0.timer") != "answer" || at(got, "next.0.after") != "2026-11-22T02:00:00Z" {
			t.Errorf("what it would become: %s", got.Raw)
		}
	})
}

func TestCalendarsFromBeforeSellersAreTheShops(t *testing.T) {
	first, err := os.ReadFile("schema/0001_opening.sql")
	if err != nil {
		t.Fatal(err)
	}
	old := db.Schema{Name: "opening", FS: fstest.MapFS{"schema/0001_opening.sql": {Data: first}}}
	dbtest.Each(t, []db.Schema{event.Schema, tenant.Schema, policy.Schema, old}, func(t *testing.T, d *db.DB) {
		write(t, d, func(tx *db.Tx) error {
			for version := range 2 {
				_, err := tx.Exec(t.Context(), `insert into opening_calendar (tenant, desk, version, at, actor_kind, actor_id, actor_name, body) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
					"main", "service", version+1, 1700000000000, "staff", "stf_1", "Su Qing",
					`{"mode":"worked","zone":"Asia/Shanghai","week":[{"day":1,"from":"09:00","to":"19:00"}],"closures":[],"extra":[]}`)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if n, err := d.Migrate(t.Context(), []db.Schema{opening.Schema}); n != 1 || err != nil {
			t.Fatalf("%d steps, %v", n, err)
		}
		write(t, d, func(tx *db.Tx) error {
			for _, seller := range []string{"", "north"} {
				c, counts, err := opening.Keeping(t.Context(), tx, "main", seller, "answer")
				if err != nil || !counts || c.Version != 2 || c.Week[0].To != "19:00" {
					t.Errorf("%q: %+v %v %v", seller, c, counts, err)
				}
			}
			c, err := opening.Of(t.Context(), tx, "main", "", opening.AtService)
			if err != nil {
				return err
			}
			c.Mode = opening.Wait
			if c, err = opening.Save(t.Context(), tx, admin, c); err == nil && c.Version != 3 {
				t.Errorf("the next version: %+v", c)
			}
			return err
		})
	})
}

// Of 1203 sellers all but every third have a calendar of their own: those went
// back to the shop's. One closure is named like the mark of that.
func TestManySellersAreListedAndLeftOut(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, d *db.DB) {
		do(t, h, admin, "PUT", ofNorth, "*", closed(object{"from": "2026-12-01", "to": "2026-12-01", "name": `"shops":true`}))
		write(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `
				insert into opening_hours (tenant, seller, desk, version, at, actor_kind, actor_id, actor_name, body)
				with recursive n (i) as (select 1 union all select i + 1 from n where i < 1202)
				select 'main', 's' || (1000 + n.i), h.desk, 1, h.at, h.actor_kind, h.actor_id, h.actor_name, h.body
				from n, opening_hours h where h.tenant = 'main' and h.seller = 'north'`)
			for n := 3; n <= 1202 && err == nil; n += 3 {
				_, err = opening.Return(t.Context(), tx, admin, fmt.Sprint("s", 1000+n), opening.AtService, 0)
			}
			return err
		})
		var names []string
		for cursor := "?cursor="; cursor != ""; {
			got := do(t, h, admin, "GET", "/v1/shop/calendar-sellers"+cursor, "", nil)
			for _, item := range got.At("items").([]any) {
				names = append(names, item.(map[string]any)["seller"].(string))
			}
			if cursor = ""; at(got, "next") != "" {
				cursor = "?cursor=" + at(got, "next")
			}
		}
		if len(names) != 803 || names[0] != "north" || names[1] != "s1001" || names[3] != "s1004" || names[802] != "s2202" || !slices.IsSorted(names) {
			t.Errorf("%d sellers: %q", len(names), names)
		}

		by, deadlines := map[string]int64{"": 7, "none": 1, "north": 100}, []opening.Deadline{{Case: "a", Timer: "answer"}}
		for n := 1; n <= 1202; n++ {
			by[fmt.Sprint("s", 1000+n)] = 2
			deadlines = append(deadlines, opening.Deadline{Case: fmt.Sprint("c", n), Timer: "answer", Seller: fmt.Sprint("s", 1000+n)})
		}
		s := &opening.Service{Running: func(_ context.Context, _ *db.Tx, _, seller, timer string, _ int) ([]opening.Deadline, map[string]int64, error) {
			return deadlines, by, nil
		}}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			c, err := opening.Of(t.Context(), tx, "main", "", opening.AtService)
			if err != nil {
				return err
			}
			e, err := s.Preview(t.Context(), tx, admin, c)
			if want := (opening.Kept{Timer: "answer", Count: 7 + 1 + 400*2, Shut: 1 + 400}); err == nil && e.Running[0] != want {
				t.Errorf("without those of 802 and of north: %+v, want %+v", e.Running[0], want)
			}
			if want := int64(7 + 1 + 100 + 1202*2); err == nil && e.Running[1].Count != want {
				t.Errorf("money is the shop's: %+v, want %d", e.Running[1], want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func write(t *testing.T, d *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}
