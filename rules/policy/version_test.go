package policy_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/rules/policy"
)

var (
	anna = actor.Actor{Tenant: "t", Kind: actor.Staff, ID: "stf_1", Name: "Anna"}
	bert = actor.Actor{Tenant: "t", Kind: actor.Staff, ID: "stf_2", Name: "Bert"}
)

// desk is a shop in which policies are written, with a number of people who
// may publish.
type desk struct {
	t *testing.T
	d *db.DB
	s *policy.Service
}

func desks(t *testing.T, publishers int, test func(d *desk, clock *dbtest.Clock)) {
	t.Helper()
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	dbtest.EachAt(t, []db.Schema{event.Schema, policy.Schema}, start, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := policy.New(nil, func(context.Context, *db.Tx, string) (int, error) { return publishers, nil })
		test(&desk{t, d, s}, clock)
	})
}

// do runs a verb and compares its refusal; nil wants it to work.
func (d *desk) do(want error, verb func(ctx context.Context, tx *db.Tx) (policy.Policy, error)) (p policy.Policy) {
	d.t.Helper()
	err := d.d.Write(d.t.Context(), func(tx *db.Tx) (err error) {
		p, err = verb(d.t.Context(), tx)
		return err
	})
	if !errors.Is(err, want) {
		d.t.Fatalf("got %v, want %v", err, want)
	}
	return p
}

func (d *desk) edit(want error, by actor.Actor, id string, x policy.Draftable, seen int64) policy.Policy {
	d.t.Helper()
	return d.do(want, func(ctx context.Context, tx *db.Tx) (policy.Policy, error) { return d.s.Edit(ctx, tx, by, id, x, seen) })
}

func (d *desk) act(want error, by actor.Actor, id string, version int64, action string) policy.Policy {
	d.t.Helper()
	return d.do(want, func(ctx context.Context, tx *db.Tx) (policy.Policy, error) {
		return d.s.Act(ctx, tx, by, id, version, action, "because of "+action)
	})
}

func (d *desk) live(id string) policy.Policy {
	d.t.Helper()
	return d.do(nil, func(ctx context.Context, tx *db.Tx) (policy.Policy, error) { return policy.Live(ctx, tx, "t", id) })
}

func (d *desk) found() {
	d.t.Helper()
	d.do(nil, func(ctx context.Context, tx *db.Tx) (policy.Policy, error) {
		return policy.Policy{}, d.s.Found(ctx, tx, actor.Of("t"))
	})
}

func draft(change func(*policy.Rules)) policy.Draftable {
	r := policy.Default()
	change(&r)
	return policy.Draftable{Name: "Standard", Rules: r, Note: "spring"}
}

func longer(days int) policy.Draftable {
	return draft(func(r *policy.Rules) { r.WindowDays = days })
}

func TestAVersionIsWrittenReadAndPublished(t *testing.T) {
	desks(t, 2, func(d *desk, clock *dbtest.Clock) {
		d.found()
		p := d.edit(nil, anna, "standard", longer(10), 1)
		if p.Version != 2 || p.State != policy.Draft || d.live("standard").Version != 1 {
			d.t.Fatalf("a draft: version %d, %s", p.Version, p.State)
		}
		d.edit(policy.ErrStale, bert, "standard", longer(11), 1) // he read the live version, but there is a draft
		clock.Add(time.Minute)
		p = d.edit(nil, anna, "standard", longer(14), p.Revision)
		d.act(policy.ErrMove, bert, "standard", 2, "activate") // nobody read it
		d.act(policy.ErrFourEyes, anna, "standard", 2, "review")
		p = d.act(nil, bert, "standard", 2, "review")
		if p.State != policy.Reviewed || p.Reviewer.Name != "Bert" {
			d.t.Errorf("reviewed: %s by %v", p.State, p.Reviewer)
		}
		p = d.act(nil, bert, "standard", 2, "reject")
		p = d.edit(nil, anna, "standard", longer(15), p.Revision)
		d.act(nil, bert, "standard", 2, "review")
		clock.Add(time.Hour)
		d.act(nil, anna, "standard", 2, "activate") // the author may publish what another one read
		p = d.live("standard")
		if p.Version != 2 || p.Rules.WindowDays != 15 || p.LiveAt.IsZero() || p.Author.Name != "Anna" || p.Note != "spring" {
			d.t.Errorf("live: %+v", p)
		}
		var did []string
		for _, s := range p.Steps {
			did = append(did, s.Action+" "+s.By.Name)
		}
		want := []string{"draft Anna", "edit Anna", "review Bert", "reject Bert", "edit Anna", "review Bert", "activate Anna"}
		if diff := cmp.Diff(want, did); diff != "" {
			d.t.Error(diff)
		}
		d.act(policy.ErrMove, bert, "standard", 2, "review")
		old := d.act(nil, bert, "standard", 1, "activate") // back to the one before
		if old.Version != 1 || d.live("standard").Version != 1 {
			d.t.Error("a retired version does not come back")
		}
		d.act(policy.ErrNeeded, bert, "standard", 1, "retire")
	})
}

func TestOnlyOneDraftAndItCanBeThrownAway(t *testing.T) {
	desks(t, 1, func(d *desk, _ *dbtest.Clock) {
		d.found()
		discard := func(want error) {
			d.do(want, func(ctx context.Context, tx *db.Tx) (policy.Policy, error) {
				return policy.Policy{}, d.s.Discard(ctx, tx, anna, "standard")
			})
		}
		discard(policy.ErrUnknown)
		p := d.edit(nil, anna, "standard", longer(10), 0)
		q := d.edit(nil, bert, "standard", longer(11), 0) // whatever is there
		if p.Version != q.Version || q.Revision <= p.Revision {
			d.t.Errorf("two drafts: %d and %d, revisions %d and %d", p.Version, q.Version, p.Revision, q.Revision)
		}
		discard(nil)
		d.edit(policy.ErrStale, bert, "standard", longer(12), q.Revision)
		d.edit(policy.ErrInvalid, bert, "standard", draft(func(r *policy.Rules) { r.WindowDays = -1 }), 0)
		p = d.edit(nil, anna, "gifts", longer(12), 0)  // a new policy begins as a draft
		d.act(nil, anna, "gifts", p.Version, "review") // nobody else is there
		d.act(nil, anna, "gifts", p.Version, "activate")
		d.act(nil, anna, "gifts", p.Version, "retire")
		d.do(policy.ErrUnknown, func(ctx context.Context, tx *db.Tx) (policy.Policy, error) { return policy.Live(ctx, tx, "t", "gifts") })
	})
}

func TestSavingAtOnceNeedsNobodyElseToRead(t *testing.T) {
	desks(t, 2, func(d *desk, _ *dbtest.Clock) {
		d.found()
		save := func(want error, by actor.Actor) policy.Policy {
			return d.do(want, func(ctx context.Context, tx *db.Tx) (policy.Policy, error) {
				return d.s.Save(ctx, tx, by, "standard", "Standard", policy.Default(), 1)
			})
		}
		save(policy.ErrFourEyes, anna)
		save(policy.ErrFourEyes, actor.Actor{Tenant: "t", Kind: actor.Key, ID: "key_1"})
		d.edit(nil, anna, "standard", longer(20), 0) // version 2 stays a draft
		if p := save(nil, actor.Of("t")); p.Version != 3 || p.State != policy.InForce {
			d.t.Errorf("version %d, %s", p.Version, p.State)
		}
	})
}

func TestNothingGoesLiveThatTakesARightAway(t *testing.T) {
	desks(t, 1, func(d *desk, _ *dbtest.Clock) {
		d.found()
		short := longer(6)
		short.Rules.Markets = []string{"CN", "DE"}
		p := d.edit(nil, anna, "standard", short, 0) // a draft may be anything that can be carried out
		d.act(nil, anna, "standard", p.Version, "review")
		err := d.d.Write(d.t.Context(), func(tx *db.Tx) error {
			_, err := d.s.Act(d.t.Context(), tx, anna, "standard", p.Version, "activate", "")
			return err
		})
		var f *fault.Fault
		if !errors.As(err, &f) || f.Code != "policy.floor" {
			d.t.Fatalf("%v", err)
		}
		text, _ := json.Marshal(f.Facts)
		for _, part := range []string{`"path":"window_days"`, `"rule":"CN-WD"`, `"rule":"DE-WD"`, `"cite":[`, `"zh-TW":"在`, `categories.underwear.final`} {
			if !strings.Contains(string(text), part) {
				d.t.Errorf("%s is not in %s", part, text)
			}
		}
		if d.live("standard").Version != 1 {
			d.t.Error("it went live")
		}
	})
}

func TestExamplesMustComeOutAsWritten(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	example := policy.Test{Name: "the tenth day", Request: policy.Sample{
		Now: at.AddDate(0, 0, 10), Zone: "Asia/Shanghai", Total: money.Of(100, "CNY"), Goods: []policy.Article{{Reason: "wrong_size", Delivered: at}},
	}, Expect: policy.Expected{Outcome: "approve", Grounds: []string{"within_window"}, Freight: "customer"}}
	desks(t, 1, func(d *desk, _ *dbtest.Clock) {
		d.found()
		x := longer(9)
		x.Tests = []policy.Test{example}
		p := d.edit(nil, anna, "standard", x, 0)
		d.act(nil, anna, "standard", p.Version, "review")
		d.act(policy.ErrTests, anna, "standard", p.Version, "activate")
		x.Rules.WindowDays = 10
		p = d.edit(nil, anna, "standard", x, 0)
		d.act(nil, anna, "standard", p.Version, "review")
		d.act(nil, anna, "standard", p.Version, "activate")
		d.do(policy.ErrTests, func(ctx context.Context, tx *db.Tx) (policy.Policy, error) { // they stay with the policy
			return d.s.Save(ctx, tx, anna, "standard", "Standard", policy.Default(), p.Version)
		})
		results, err := d.s.Try(d.t.Context(), nil, "t", "standard", 0, nil, []policy.Test{{Name: ""}})
		if !errors.Is(err, policy.ErrInvalid) || results != nil {
			d.t.Errorf("an example without a name: %v", err)
		}
	})
}

func TestASellerStandsOnThePlatform(t *testing.T) {
	desks(t, 1, func(d *desk, _ *dbtest.Clock) {
		d.found()
		strict := draft(func(r *policy.Rules) {
			r.WindowDays, r.Parent = 3, "standard" // less than the law, but the platform gives seven
			r.AutoApprove = map[string]int64{"CNY": 100}
		})
		d.edit(policy.ErrParent, anna, "shop", draft(func(r *policy.Rules) { r.Parent = "nobody" }), 0)
		p := d.edit(nil, anna, "shop", strict, 0)
		d.act(nil, anna, "shop", p.Version, "review")
		d.act(nil, anna, "shop", p.Version, "activate")
		d.edit(policy.ErrParent, anna, "third", draft(func(r *policy.Rules) { r.Parent = "shop" }), 0) // one storey is enough

		seller := d.live("shop")
		delivered := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		ask := func(p policy.Policy, day int) policy.Judgement {
			return p.Judge(policy.Request{Now: delivered.AddDate(0, 0, day), Zone: time.UTC, Total: money.Of(5000, "CNY"), Goods: []policy.Goods{{Line: 1, Reason: "wrong_size", Delivered: delivered}}})
		}
		if j := ask(seller, 6); j.Outcome != policy.Approve || !strings.HasPrefix(j.Grounds[0].Rule, "standard@1/") {
			d.t.Errorf("the sixth day: %+v", j)
		}
		if j := ask(seller, 8); j.Outcome != policy.Refuse || !strings.HasPrefix(j.Grounds[0].Rule, "shop@1/") {
			d.t.Errorf("the eighth day: %+v", j)
		}
		p = d.edit(nil, anna, "standard", longer(20), 0)
		d.act(nil, anna, "standard", p.Version, "review")
		d.act(nil, anna, "standard", p.Version, "activate")
		moved := d.live("shop")
		if moved.Version != 2 || moved.Parent != 2 || moved.Note != "standard@2" {
			d.t.Errorf("the seller did not follow: version %d on %d, %q", moved.Version, moved.Parent, moved.Note)
		}
		if j := ask(moved, 15); j.Outcome != policy.Approve {
			d.t.Errorf("under the new platform: %+v", j)
		}
		before := d.do(nil, func(ctx context.Context, tx *db.Tx) (policy.Policy, error) { return policy.At(ctx, tx, "t", "shop", 1) })
		if j := ask(before, 15); j.Outcome != policy.Refuse {
			d.t.Errorf("an old order got the new platform: %+v", j)
		}
		d.act(policy.ErrMove, anna, "standard", 2, "review")
	})
}

func TestThePastIsKnownToOrdersThatComeLate(t *testing.T) {
	desks(t, 1, func(d *desk, clock *dbtest.Clock) {
		start := clock.Now()
		d.found()
		for _, days := range []int{10, 14} {
			clock.Add(time.Hour)
			p := d.edit(nil, anna, "standard", longer(days), 0)
			d.act(nil, anna, "standard", p.Version, "review")
			d.act(nil, anna, "standard", p.Version, "activate")
		}
		clock.Add(time.Hour)
		d.act(nil, anna, "standard", 2, "activate") // and back
		var got []policy.Span
		d.do(nil, func(ctx context.Context, tx *db.Tx) (p policy.Policy, err error) {
			got, err = policy.Past(ctx, tx, "t", "standard")
			return p, err
		})
		at := func(hour int) time.Time { return start.Add(time.Duration(hour) * time.Hour) }
		want := []policy.Span{{Version: 3, From: at(2), To: at(3)}, {Version: 2, From: at(1), To: at(2)}, {Version: 1, From: at(0), To: at(1)}}
		if diff := cmp.Diff(want, got); diff != "" {
			d.t.Error(diff)
		}
	})
}

func TestOldVersionsBecomeLiveAndRetired(t *testing.T) {
	first, err := fs.ReadFile(policy.Schema.FS, "schema/0001_policy.sql")
	if err != nil {
		t.Fatal(err)
	}
	before := db.Schema{Name: "policy", FS: fstest.MapFS{"schema/0001_policy.sql": {Data: first}}}
	rules, _ := json.Marshal(policy.Default())
	dbtest.Each(t, []db.Schema{event.Schema, before}, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for i, row := range []struct{ tenant, id string }{{"t", "standard"}, {"t", "standard"}, {"t", "standard"}, {"t", "gifts"}, {"other", "standard"}} {
				version := map[int]int64{0: 1, 1: 2, 2: 3, 3: 1, 4: 1}[i]
				_, err := tx.Exec(t.Context(), `insert into policy_version (tenant, id, version, name, rules, created_at) values ($1, $2, $3, $4, $5, $6)`,
					row.tenant, row.id, version, "S", string(rules), version*1000)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := d.Migrate(t.Context(), []db.Schema{policy.Schema}); err != nil || n != 1 {
			t.Fatalf("%d migrations, %v", n, err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			for _, want := range []struct {
				tenant, id   string
				version      int64
				state        policy.State
				live, retire int64
			}{
				{"t", "standard", 1, policy.Retired, 1000, 2000}, {"t", "standard", 2, policy.Retired, 2000, 3000}, {"t", "standard", 3, policy.InForce, 3000, 0},
				{"t", "gifts", 1, policy.InForce, 1000, 0}, {"other", "standard", 1, policy.InForce, 1000, 0},
			} {
				p, err := policy.At(t.Context(), tx, want.tenant, want.id, want.version)
				if err != nil {
					return err
				}
				if p.State != want.state || db.Millis(p.LiveAt) != want.live || db.Millis(p.RetiredAt) != want.retire {
					t.Errorf("%+v: %s, live %d, retired %d", want, p.State, db.Millis(p.LiveAt), db.Millis(p.RetiredAt))
				}
			}
			p, err := policy.Live(t.Context(), tx, "t", "standard")
			if err == nil && p.Version != 3 {
				t.Errorf("version %d is live", p.Version)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
