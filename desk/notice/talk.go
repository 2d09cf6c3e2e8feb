package notice

import (
	"context"
	"strings"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/message"
	"github.com/aftercare/aftercare/platform/db"
)

// longest is how much of what staff wrote an e-mail repeats; the rest is in the
// portal.
const longest = 1000

// idle ends a message that tells nothing new: what it is about was read, or was
// told by the one before.
func (s *Service) idle(ctx context.Context, m Message) error {
	return s.Store.Write(ctx, func(tx *db.Tx) error {
		_, err := finish(ctx, tx, m, Idle, "")
		return err
	})
}

// talkText is what staff wrote that no e-mail has told and the customer has not
// read; where there is no such thing, in a preview, an example.
func (s *Service) talkText(ctx context.Context, tx *db.Tx, c cases.Case, lang string) (string, error) {
	news, err := message.News(ctx, tx, c)
	if err != nil {
		return "", err
	}
	var parts []string
	for _, m := range news {
		text := m.Text
		if text == "" {
			text = locale.Text(lang, "mail.message.files", nil)
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return locale.Text(lang, "mail.message.sample", nil), nil
	}
	all := []rune(strings.Join(parts, "\n\n"))
	if len(all) > longest {
		return strings.TrimSpace(string(all[:longest])) + " …", nil
	}
	return string(all), nil
}
