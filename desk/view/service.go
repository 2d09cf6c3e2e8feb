package view

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
)

// Draft is what somebody wants a view to be.
type Draft struct {
	Name   string
	Query  string
	Shared bool
}

// Mine lists every view of a person in that person's order: those that come
// with the program, the own ones, and those that are shared.
func Mine(ctx context.Context, tx *db.Tx, by actor.Actor) ([]View, error) {
	kept, err := visible(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	all := append(slices.Clone(BuiltIn), kept...)
	order, err := orderOf(ctx, tx, by.Tenant, by.ID)
	if err != nil || len(order) == 0 {
		return all, err
	}
	place := func(v View) int {
		if at := slices.Index(order, v.ID); at >= 0 {
			return at
		}
		return len(order)
	}
	slices.SortStableFunc(all, func(a, b View) int { return place(a) - place(b) })
	return all, nil
}

// Count tells how many cases a view shows its reader, up to MostCounted, and
// whether there are more. A view whose filter is not understood any more counts
// nothing.
func Count(ctx context.Context, tx *db.Tx, by actor.Actor, v View) (int64, bool, error) {
	f, err := filterOf(by, v.Query)
	if err != nil {
		return 0, false, nil
	}
	return cases.Count(ctx, tx, by, f, MostCounted)
}

// Save keeps a new view. A name is used once among one's own views, and once
// among the shared ones (ErrTaken).
func Save(ctx context.Context, tx *db.Tx, by actor.Actor, d Draft) (View, error) {
	v := View{ID: id.New("view"), Tenant: by.Tenant, Owner: by.ID, OwnerName: by.Name, Seller: by.Seller, Version: 1, At: tx.Now}
	if err := v.become(by, d); err != nil {
		return View{}, err
	}
	all, err := visible(ctx, tx, by)
	if err != nil {
		return View{}, err
	}
	own, shared := 0, 0
	for _, one := range all {
		if one.Shared {
			shared++
		} else {
			own++
		}
	}
	if !v.Shared && own >= mostOwn || v.Shared && shared >= mostShared {
		return View{}, ErrFull
	}
	return v, insert(ctx, tx, v)
}

// Change changes a view that was seen in a version, 0 for any.
func Change(ctx context.Context, tx *db.Tx, by actor.Actor, id string, seen int64, d Draft) (View, error) {
	v, err := changeable(ctx, tx, by, id)
	if err != nil {
		return View{}, err
	}
	if seen != 0 && seen != v.Version {
		return View{}, ErrStale.With("version", v.Version).With("seen", seen)
	}
	if v.Owner != by.ID && !d.Shared { // somebody else's would vanish from all
		return View{}, ErrNotOwn
	}
	if err := v.become(by, d); err != nil {
		return View{}, err
	}
	v.At = tx.Now
	return v, update(ctx, tx, &v)
}

// Delete forgets a view.
func Delete(ctx context.Context, tx *db.Tx, by actor.Actor, id string) error {
	v, err := changeable(ctx, tx, by, id)
	if err != nil {
		return err
	}
	return remove(ctx, tx, v)
}

// Arrange keeps in which order a person sees the views; what is not named
// follows behind.
func Arrange(ctx context.Context, tx *db.Tx, by actor.Actor, ids []string) error {
	return arrange(ctx, tx, by.Tenant, by.ID, ids)
}

func changeable(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (View, error) {
	v, err := byID(ctx, tx, by, id)
	if err != nil {
		return View{}, err
	}
	if v.Owner != by.ID && role.Allow(by, role.ViewShare) != nil {
		return View{}, ErrNotOwn
	}
	return v, nil
}

func (v *View) become(by actor.Actor, d Draft) error {
	v.Name, v.Shared = strings.Join(strings.Fields(d.Name), " "), d.Shared
	if n := utf8.RuneCountInString(v.Name); n == 0 || n > mostName {
		return ErrInvalid.At("name", "is empty or too long", "1 to 60 characters")
	}
	if _, err := filterOf(by, d.Query); err != nil {
		return err
	}
	q, _ := url.ParseQuery(d.Query)
	v.Query = q.Encode()
	if v.Shared {
		return role.Allow(by, role.ViewShare)
	}
	return nil
}

func filterOf(by actor.Actor, query string) (cases.Filter, error) {
	q, err := url.ParseQuery(query)
	if err != nil {
		return cases.Filter{}, ErrInvalid.At("query", "is no query", "as in the address of GET /v1/cases")
	}
	return cases.FilterOf(by, q)
}
