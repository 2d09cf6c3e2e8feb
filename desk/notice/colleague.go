package notice

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/platform/db"
)

// Colleague writes to a member of staff that his second factors have changed.
// Without mail nobody is written to. The key is the same for each attempt.
func (s *Service) Colleague(ctx context.Context, l factor.Letter) error {
	if s.Send == nil {
		return nil
	}
	var shop tenant.Tenant
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		shop, err = tenant.ByID(ctx, tx, l.Tenant)
		return err
	})
	if err != nil {
		return err
	}
	zone, err := calendar.Zone(shop.Zone)
	if err != nil {
		return err
	}
	letter := write(l.To.Language, l.To.Name, "factor_"+l.What, locale.Args{"name": l.Name, "at": locale.Moment(l.To.Language, l.At.In(zone)) + " (" + shop.Zone + ")"})
	letter.Shop = shop.Name
	letter.Body = append(letter.Body, locale.Text(l.To.Language, "mail.factor_not_you", nil))
	e, err := letter.envelope(fmt.Sprintf("factor-%s-%s-%d", l.What, l.To.Email, l.At.UnixMilli()), l.To.Email)
	if err != nil {
		return err
	}
	return s.Send(ctx, e)
}

// Mentioned is what an e-mail about a mention says.
type Mentioned struct {
	Key, Tenant, To, Name, Language string
	By, Number, Case                string
}

// Mentioned writes to a member of staff that a colleague named him in a note. The
// note's text stays in the console.
func (s *Service) Mentioned(ctx context.Context, m Mentioned) error {
	if s.Send == nil {
		return nil
	}
	var shop tenant.Tenant
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		shop, err = tenant.ByID(ctx, tx, m.Tenant)
		return err
	})
	if err != nil {
		return err
	}
	l := write(m.Language, m.Name, "mention", locale.Args{"by": m.By, "number": m.Number})
	l.Shop, l.Link = shop.Name, shop.At(s.Base)+"/console/cases/"+m.Case
	l.Button, l.Footer = locale.Text(m.Language, "mail.mention.button", nil), locale.Text(m.Language, "mail.mention.footer", nil)
	e, err := l.envelope(m.Key, m.To)
	if err != nil {
		return err
	}
	return s.Send(ctx, e)
}
