package opening_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/rules/opening"
	"github.com/aftercare/aftercare/rules/policy"
)

var (
	admin   = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_1", Name: "Su Qing", Role: role.Administrator}
	boss    = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_2", Name: "Gao Ran", Role: role.Supervisor}
	clerk   = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_3", Name: "Wang Wu", Role: role.Agent}
	another = actor.Actor{Tenant: "second", Kind: actor.Staff, ID: "stf_4", Name: "Li Na", Role: role.Administrator}
)

var schemas = []db.Schema{event.Schema, httpapi.Schema, tenant.Schema, policy.Schema, opening.Schema}

const path = "/v1/shop/calendars/service"

func each(t *testing.T, test func(t *testing.T, h http.Handler, d *db.DB)) {
	t.Helper()
	start := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC) // a Friday
	dbtest.EachAt(t, schemas, start, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for id, zone := range map[string]string{"main": "Asia/Shanghai", "second": "Europe/Berlin"} {
				if _, err := tenant.Create(t.Context(), tx, tenant.Tenant{ID: id, Name: "Shop", Host: id + ".example", Zone: zone, Language: "en", Currency: "CNY"}); err != nil {
					return err
				}
				if err := (&policy.Service{}).Found(t.Context(), tx, actor.Of(id)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		a := apitest.New(d, role.Allow)
		nothing := func(context.Context, *db.Tx, string, string, string, int) ([]opening.Deadline, map[string]int64, error) {
			return nil, nil, nil
		}
		(&opening.Service{Running: nothing}).Routes(a, d)
		test(t, a.Handler(), d)
	})
}

func do(t *testing.T, h http.Handler, by actor.Actor, method, path, match string, body any) apitest.Answer {
	t.Helper()
	options := []apitest.Option{apitest.As(by)}
	if match != "" {
		options = append(options, apitest.Header("If-Match", match))
	}
	if body != nil {
		options = append(options, apitest.Body(body))
	}
	return apitest.Do(t, h, method, path, options...)
}

// at is a value of an answer as text.
func at(a apitest.Answer, path string) string { return fmt.Sprint(a.At(path)) }

type object = map[string]any

// office is a calendar of nine to six, with what else is said.
func office(more object) object {
	week := []object{}
	for day := 1; day <= 5; day++ {
		week = append(week, object{"day": day, "from": "09:00", "to": "18:00"})
	}
	body := object{"mode": "worked", "zone": "Asia/Shanghai", "country": "CN", "week": week, "closures": []object{}, "extra": []object{}}
	for key, value := range more {
		body[key] = value
	}
	return body
}

var spring = object{"from": "2027-02-04", "to": "2027-02-11", "name": "春节"}

func TestAShopStartsWithoutCalendarsAndKeepsEveryVersion(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, d *db.DB) {
		fresh := do(t, h, admin, "GET", path, "", nil)
		if fresh.Status != 200 || at(fresh, "version") != "0" || at(fresh, "mode") != "clock" || at(fresh, "zone") != "Asia/Shanghai" || at(fresh, "week.4.to") != "18:00" {
			t.Fatalf("at first: %d %s", fresh.Status, fresh.Raw)
		}
		if made := do(t, h, admin, "PUT", path, "*", office(nil)); made.Status != 200 || at(made, "version") != "1" {
			t.Fatalf("the first: %d %s", made.Status, made.Raw)
		}
		if same := do(t, h, admin, "PUT", path, `"1"`, office(nil)); at(same, "version") != "1" {
			t.Errorf("what is as it was made a version: %s", same.Raw)
		}
		if late := do(t, h, admin, "PUT", path, `"1"`, office(object{"closures": []object{spring}})); at(late, "version") != "2" {
			t.Fatalf("the second: %d %s", late.Status, late.Raw)
		}
		if stale := do(t, h, admin, "PUT", path, `"1"`, office(nil)); stale.Status != 412 || stale.Code() != "opening.stale" {
			t.Errorf("an old version: %d %s", stale.Status, stale.Raw)
		}
		past := do(t, h, boss, "GET", path+"/versions", "", nil)
		if at(past, "items.0.version") != "2" || at(past, "items.0.by.name") != "Su Qing" || at(past, "items.0.parts.0") != "closures" || at(past, "items.0.added.0.name") != "春节" || at(past, "items.1.version") != "1" {
			t.Errorf("versions: %s", past.Raw)
		}
		if more := do(t, h, boss, "GET", path+"/versions?cursor=2", "", nil); at(more, "items.0.version") != "1" || at(more, "items.0.parts.0") != "mode" {
			t.Errorf("versions before the second: %s", more.Raw)
		}
		if bad := do(t, h, boss, "GET", path+"/versions?cursor=x", "", nil); bad.Status != 422 {
			t.Errorf("a cursor that is none: %d", bad.Status)
		}
		var types []string
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			all, err := event.History(t.Context(), tx, "main", "opening", "service")
			for _, e := range all {
				types = append(types, e.Type+" "+string(e.Data))
			}
			return err
		})
		want := []string{`opening.changed {"desk":"service","parts":["mode","country"]}`, `opening.changed {"desk":"service","parts":["closures"]}`}
		if diff := cmp.Diff(want, types); err != nil || diff != "" {
			t.Errorf("announced: %v %s", err, diff)
		}
	})
}

func TestEachRoleMaySeeOrChangeWhatIsItsOwn(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, d *db.DB) {
		do(t, h, admin, "PUT", path, "*", office(object{"closures": []object{spring}}))
		for _, tt := range []struct {
			by           actor.Actor
			method, path string
			body         any
			want         int
		}{
			{boss, "GET", path, nil, 200},
			{boss, "PUT", path, office(nil), 403},
			{boss, "POST", path + "/preview", office(nil), 403},
			{boss, "POST", path + "/import", object{"content": ""}, 403},
			{clerk, "GET", path, nil, 403},
			{clerk, "GET", "/v1/public-calendars", nil, 403},
			{admin, "GET", "/v1/shop/calendars/kitchen", nil, 404},
			{admin, "PUT", "/v1/shop/calendars/kitchen", office(nil), 404},
			{admin, "POST", "/v1/shop/calendars/kitchen/preview", office(nil), 404},
			{admin, "GET", "/v1/shop/calendars/kitchen/versions", nil, 404},
			{admin, "GET", "/v1/shop/calendars/kitchen/calendar.ics", nil, 404},
			{admin, "GET", "/v1/public-calendars/XX", nil, 422},
			{admin, "GET", "/v1/public-calendars/CN?year=1999", nil, 409},
		} {
			if got := do(t, h, tt.by, tt.method, tt.path, "*", tt.body); got.Status != tt.want {
				t.Errorf("%s %s by %s: %d %s, want %d", tt.method, tt.path, tt.by.Role, got.Status, got.Raw, tt.want)
			}
		}
		if theirs := do(t, h, another, "GET", path, "", nil); at(theirs, "version") != "0" || at(theirs, "zone") != "Europe/Berlin" || strings.Contains(string(theirs.Raw), "春节") {
			t.Errorf("another shop sees %s", theirs.Raw)
		}
		if theirs := do(t, h, another, "GET", path+"/versions", "", nil); strings.Contains(string(theirs.Raw), "Su Qing") {
			t.Errorf("another shop sees who changed it: %s", theirs.Raw)
		}
	})
}

func TestWhatIsWrongIsSaidWhereItIs(t *testing.T) {
	span := func(day int, from, to string) object { return object{"day": day, "from": from, "to": to} }
	off := func(from, to, name string) object { return object{"from": from, "to": to, "name": name} }
	each(t, func(t *testing.T, h http.Handler, d *db.DB) {
		for want, more := range map[string]object{
			"body.zone zone":                {"zone": "Mars/Olympus"},
			"body.country country":          {"country": "XX"},
			"body.week short":               {"week": []object{span(1, "09:00", "10:00")}},
			"body.week[1].from overlap":     {"week": []object{span(1, "00:00", "24:00"), span(1, "23:00", "24:00")}},
			"body.week[0].to order":         {"week": []object{span(1, "18:00", "09:00"), span(2, "00:00", "24:00")}},
			"body.week[0].from time":        {"week": []object{span(1, "9am", "18:00"), span(2, "00:00", "24:00")}},
			"body.week[0].to time":          {"week": []object{span(1, "09:00", "24:30"), span(2, "00:00", "24:00")}},
			"body.closures[0].to order":     {"closures": []object{off("2027-02-11", "2027-02-04", "春节")}},
			"body.closures[0].to long":      {"closures": []object{off("2027-02-01", "2027-05-04", "春节")}},
			"body.closures[0].from date":    {"closures": []object{off("2027-02-29", "2027-03-01", "not a leap year")}},
			"body.closures[0].name name":    {"closures": []object{off("2028-02-29", "2028-02-29", " ")}},
			"body.closures[1].from overlap": {"closures": []object{off("2027-02-04", "2027-02-11", "a"), off("2027-02-11", "2027-02-12", "b")}},
			"body.extra[0].date closed":     {"closures": []object{spring}, "extra": []object{{"date": "2027-02-06"}}},
			"body.extra[1].date twice":      {"extra": []object{{"date": "2027-02-06"}, {"date": "2027-02-06"}}},
			"body.extra[0].to time":         {"extra": []object{{"date": "2027-02-06", "from": "09:00"}}},
			"body.extra[0].name name_long":  {"extra": []object{{"date": "2027-02-06", "name": strings.Repeat("长", 81)}}},
		} {
			for _, route := range []string{"PUT " + path, "POST " + path + "/preview"} {
				method, to, _ := strings.Cut(route, " ")
				got := do(t, h, admin, method, to, "*", office(more))
				if said := at(got, "errors.0.field") + " " + at(got, "errors.0.code"); got.Status != 422 || got.Code() != "opening.invalid" || said != want {
					t.Errorf("%s: %d %s, want %s", route, got.Status, got.Raw, want)
				}
			}
		}
		if now := do(t, h, admin, "GET", path, "", nil); at(now, "version") != "0" {
			t.Errorf("something was saved: %s", now.Raw)
		}
	})
}

func TestAPreviewTellsWhatADeadlineOfNowWouldBecome(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, d *db.DB) {
		got := do(t, h, admin, "POST", path+"/preview", "", office(nil))
		// Friday ten o'clock in Shanghai: 48 hours end on Sunday; of open ones, on the next Friday.
		if at(got, "next.0.timer") != "answer" || at(got, "next.0.before") != "2026-11-22T02:00:00Z" || at(got, "next.0.after") != "2026-11-27T05:00:00Z" {
			t.Errorf("worked: %s", got.Raw)
		}
		got = do(t, h, admin, "POST", path+"/preview", "", office(object{"mode": "wait"}))
		if at(got, "next.0.after") != "2026-11-23T10:00:00Z" || at(got, "running.0.count") != "0" {
			t.Errorf("wait: %s", got.Raw)
		}
	})
}

func TestPublishedDaysAreShownByYear(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, d *db.DB) {
		all := do(t, h, boss, "GET", "/v1/public-calendars", "", nil)
		if at(all, "items.4.country") != "CN" || at(all, "items.4.first") != "2024" || len(at(all, "items.4.source")) < 20 {
			t.Errorf("countries: %s", all.Raw)
		}
		cn := do(t, h, boss, "GET", "/v1/public-calendars/CN", "", nil)
		if at(cn, "year") != "2026" || at(cn, "days.0.name") != "元旦" || at(cn, "days.3.work") != "true" {
			t.Errorf("China: %s", cn.Raw)
		}
	})
}

func TestDeadlinesOfCustomersCountByNoCalendar(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, d *db.DB) {
		do(t, h, admin, "PUT", path, "*", office(nil))
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			for timer, want := range map[string]bool{"answer": true, "payout": true, "inspect": false, "ship_back": false, "reply": false, "offer": false, "escalate": false, "payment": false, "": false} {
				if _, counts, err := opening.Keeping(t.Context(), tx, "main", "", timer); err != nil || counts != want {
					t.Errorf("%s counts by a calendar: %v, %v", timer, counts, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestTwoWhoSaveAtOnceDoNotOverwriteEachOther(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			c, err := opening.Of(t.Context(), tx, "main", "", opening.AtService)
			if err != nil {
				return err
			}
			c.Mode = opening.Wait
			if c, err = opening.Save(t.Context(), tx, admin, c); err != nil {
				return err
			}
			c.Mode, c.Version = opening.Worked, 9
			_, err = opening.Save(t.Context(), tx, boss, c)
			return err
		})
		if !errors.Is(err, opening.ErrStale) {
			t.Errorf("a version that is not the last: %v", err)
		}
	})
}

func fieldsOf(err error) (fields []string) {
	var f *fault.Fault
	if errors.As(err, &f) {
		for _, one := range f.Fields {
			fields = append(fields, one.Field)
		}
	}
	return fields
}
