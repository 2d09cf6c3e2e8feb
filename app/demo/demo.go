// Package demo fills an empty shop with a believable past: customers, orders
// of the last two months, and returns in every state, told by the same verbs
// that real people use.
//
// It owns the story. It does not own any rule: what a request is worth, or
// whether it is approved, is decided as always. The story is the same each
// time, except that it ends today.
package demo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/desk/message"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/quality/rating"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

// Source is what the demo's orders are imported under.
const Source = "demo"

// Password signs in everybody of the demo.
const Password = "look-around-2026"

// Clock is the time of the story while it is told.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock stands at the beginning of a story that ends today.
func NewClock(today time.Time) *Clock { return &Clock{now: dayFrom(today, -61, 8)} }

// Now is the present moment of the story.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *Clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.now) {
		c.now = t
	}
}

// Shop is what the story is told to. DB takes its time from Clock.
type Shop struct {
	DB       *db.DB
	Clock    *Clock
	Accounts *account.Service
	Orders   *order.Service
	Cases    *cases.Service
	Evidence *evidence.Service
	Products *product.Service
	Messages *message.Service
	Ratings  *rating.Service
	// Settle does the jobs that are due at Clock and waits until every follower
	// has seen what they did.
	Settle   func(ctx context.Context) error
	Progress func(done, total int)
}

// Staff lists who can sign in.
func Staff() []tenant.DemoStaff {
	var all []tenant.DemoStaff
	for _, p := range people {
		all = append(all, tenant.DemoStaff{Email: p.email, Password: Password, Role: p.role})
	}
	return all
}

// Orders lists orders that a visitor may look up: three can still go back, one
// is not sent yet and one is under way.
func Orders() []tenant.DemoOrder {
	var all []tenant.DemoOrder
	for _, b := range invitations {
		all = append(all, tenant.DemoOrder{Number: b.number, Contact: customers[b.customer].email()})
	}
	return all
}

var people = []struct{ email, name, role, seller string }{
	{"admin@demo.example", "陈明", role.Administrator, ""},
	{"supervisor@demo.example", "赵静", role.Supervisor, ""},
	{"agent@demo.example", "苏晴", role.Agent, ""},
	{"warehouse@demo.example", "老周", role.Warehouse, ""},
	{"seller@demo.example", "南山户外", role.Seller, "nanshan"},
	{"auditor@demo.example", "Grace Lin", role.Auditor, ""},
}

// Told reports whether the story was told to this database already.
func Told(ctx context.Context, d *db.DB) (told bool, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		found, err := order.ByNumber(ctx, tx, tenant.Default, lastNumber)
		told = len(found) > 0
		return err
	})
	return told, err
}

// Tell fills the shop. It does nothing where the story was told before; one
// that broke off is completed where it stopped as far as orders go.
func Tell(ctx context.Context, s Shop, today time.Time) error {
	told, err := Told(ctx, s.DB)
	if err != nil || told {
		return err
	}
	t := &teller{Shop: s, today: today, staff: map[string]actor.Actor{}, orders: map[string]order.Order{}}
	if err := t.people(ctx); err != nil {
		return fmt.Errorf("demo staff: %w", err)
	}
	if err := t.rules(ctx); err != nil {
		return fmt.Errorf("demo rules: %w", err)
	}
	if err := t.catalogue(ctx); err != nil {
		return fmt.Errorf("demo products: %w", err)
	}
	steps := t.script()
	for i, step := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.Clock.set(step.at)
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("demo, %s at %s: %w", step.what, step.at.Format(time.DateTime), err)
		}
		if step.settle {
			if err := s.Settle(ctx); err != nil {
				return fmt.Errorf("demo, after %s: %w", step.what, err)
			}
		}
		if s.Progress != nil {
			s.Progress(i+1, len(steps))
		}
	}
	s.Clock.set(today)
	return s.Settle(ctx)
}

// teller carries what the story needs to remember.
type teller struct {
	Shop
	today  time.Time
	staff  map[string]actor.Actor
	orders map[string]order.Order // by number
}

// day is a moment n days from today, at an hour in Shanghai, never later than
// today.
func (t *teller) day(n int, hour float64) time.Time { return dayFrom(t.today, n, hour) }

func dayFrom(today time.Time, n int, hour float64) time.Time {
	local := today.In(shanghai)
	at := time.Date(local.Year(), local.Month(), local.Day()+n, 0, 0, 0, 0, shanghai).Add(time.Duration(hour * float64(time.Hour)))
	if at.After(today) {
		return today
	}
	return at.UTC()
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600) // no daylight saving since 1991

func (t *teller) people(ctx context.Context) error {
	by := actor.Of(tenant.Default)
	for _, p := range people {
		hashed, err := t.Accounts.Password(ctx, p.email, Password)
		if err != nil {
			return err
		}
		err = t.DB.Write(ctx, func(tx *db.Tx) error {
			a, err := t.Accounts.Create(ctx, tx, by, account.New{Email: p.email, Name: p.name, Role: p.role, Seller: p.seller, Language: "zh-CN", Password: hashed})
			if errors.Is(err, account.ErrTaken) {
				return t.known(ctx, tx, p.email)
			}
			t.staff[p.role] = a.Actor("")
			return err
		})
		if err != nil {
			return err
		}
	}
	return t.DB.Write(ctx, func(tx *db.Tx) error {
		shop, err := tenant.ByID(ctx, tx, tenant.Default)
		if err != nil || len(shop.Return.Lines) > 0 {
			return err
		}
		shop.Name, shop.SupportEmail = "海豚优选 Dolphin Select", "care@demo.example"
		shop.Return = tenant.Address{Name: "海豚优选退货中心", Lines: []string{"滨江区江南大道 3888 号", "2 号库 B 区 17 门"}, City: "浙江省杭州市", Postcode: "310051", Country: "CN", Phone: "+86 571 8888 0000"}
		_, err = tenant.Update(ctx, tx, by, shop)
		return err
	})
}

// rules makes the shop's policy one that offers everything.
func (t *teller) rules(ctx context.Context) error {
	return t.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := policy.At(ctx, tx, tenant.Default, policy.Standard, 0)
		if err != nil || p.Version > 1 {
			return err
		}
		r := p.Rules
		r.PriceProtectionDays = 30
		r.Compensation = map[string]map[string]int64{"goodwill": {"CNY": 5000}, "promise": {"CNY": 20000}}
		r.Advance.Max = map[string]int64{"CNY": 12000}
		r.Keep.Below = map[string]int64{"CNY": 15000}
		r.Bulk = map[string]int64{"CNY": 200000}
		_, err = (&policy.Service{}).Save(ctx, tx, actor.Of(tenant.Default), p.ID, p.Name, r, p.Version)
		return err
	})
}

// known finds somebody who was made by a story that broke off.
func (t *teller) known(ctx context.Context, tx *db.Tx, email string) error {
	all, err := account.Page(ctx, tx, tenant.Default, "", 200)
	for _, a := range all {
		if a.Email == email {
			t.staff[a.Role] = a.Actor("")
		}
	}
	return err
}
