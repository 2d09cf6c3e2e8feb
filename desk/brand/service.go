package brand

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Save changes colour, words and links; b.Version is the one that was read, or 0
// whichever it is. The pictures stay as they are.
func Save(ctx context.Context, tx *db.Tx, by actor.Actor, b Brand) (Brand, error) {
	b, err := b.normal()
	if err != nil {
		return b, err
	}
	return change(ctx, tx, by, b.Version, "look", func(now *Brand) error {
		now.Accent, now.Texts, now.Links = b.Accent, b.Texts, b.Links
		return nil
	})
}

// Show makes a picture that was drawn the shop's logo or icon; without one there
// is none any more.
func Show(ctx context.Context, tx *db.Tx, by actor.Actor, version int64, icon bool, p Picture, content []byte) (Brand, error) {
	what := "logo"
	if icon {
		what = "icon"
	}
	return change(ctx, tx, by, version, what, func(now *Brand) error {
		if icon {
			now.Icon = p
		} else {
			now.Logo = p
		}
		if p.Digest == "" {
			return nil
		}
		return keep(ctx, tx, by.Tenant, p, content)
	})
}

func change(ctx context.Context, tx *db.Tx, by actor.Actor, version int64, what string, set func(now *Brand) error) (Brand, error) {
	now, err := Of(ctx, tx, by.Tenant)
	if err != nil {
		return now, err
	}
	if version != 0 && version != now.Version {
		return now, ErrStale
	}
	if err := set(&now); err != nil {
		return now, err
	}
	if err := put(ctx, tx, by.Tenant, &now); err != nil {
		return now, err
	}
	return now, event.Append(ctx, tx, by, event.About{Stream: "brand", Subject: by.Tenant, Version: now.Version}, Changed{what})
}
