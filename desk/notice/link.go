package notice

import (
	"context"
	"errors"

	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/platform/db"
)

// Link sends a link in place of one that has expired. It fits
// proof.Options.DeliverLink.
func (s *Service) Link(ctx context.Context, to proof.Contact, link, order, lang string) error {
	if s.Send == nil {
		return errors.New("mail is off: links cannot be sent")
	}
	l := write(lang, "", "link", locale.Args{"days": int(proof.LinkLife.Hours() / 24)})
	if err := s.Store.Read(ctx, func(tx *db.Tx) error { return s.dress(ctx, tx, to.Tenant, &l) }); err != nil {
		return err
	}
	l.Link = l.base + "/link/" + link
	if order != "" {
		l.Link += "?to=/orders/" + order
	}
	e, err := l.envelope(id.New("link"), to.Address)
	if err != nil {
		return err
	}
	return s.Send(ctx, e)
}
