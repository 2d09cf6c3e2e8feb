package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// letter is a message ready to go.
type letter struct {
	id  string // Message-ID without its brackets
	key string
	msg *gomail.Msg
}

func (s *Sender) compose(m Message) (letter, error) {
	to, err := parse(m.To)
	if err != nil {
		return letter{}, fmt.Errorf("recipient: %w", err)
	}
	if m.Key == "" || m.Text == "" {
		return letter{}, permanent{errors.New("mail: a message needs a key and a text")}
	}
	msg := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(oneLine(s.from.name), s.from.spec()); err != nil {
		return letter{}, permanent{errors.New("sender: not accepted")}
	}
	if err := msg.AddToFormat(oneLine(to.name), to.spec()); err != nil {
		return letter{}, permanent{fmt.Errorf("recipient: %w", ErrAddress)}
	}
	if m.ReplyTo != "" {
		reply, err := parse(m.ReplyTo)
		if err != nil {
			return letter{}, fmt.Errorf("reply address: %w", err)
		}
		if err := msg.ReplyToFormat(oneLine(reply.name), reply.spec()); err != nil {
			return letter{}, permanent{fmt.Errorf("reply address: %w", ErrAddress)}
		}
	}
	id := s.messageID(m.Key)
	msg.Subject(oneLine(m.Subject))
	msg.SetMessageIDWithValue(id)
	msg.SetDateWithValue(time.Now())
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // so that absence notices do not answer (RFC 3834)
	if m.Language != "" {
		msg.SetGenHeader("Content-Language", oneLine(m.Language))
	}
	if m.Thread != "" && m.Thread != m.Key {
		first := "<" + s.messageID(m.Thread) + ">"
		msg.SetGenHeader("In-Reply-To", first)
		msg.SetGenHeader("References", first)
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return letter{id: id, key: m.Key, msg: msg}, nil
}

// messageID is the same for the same key and sender.
func (s *Sender) messageID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16]) + "@" + s.from.domain
}

// oneLine makes a header's value of a text: what could end the header becomes a
// space.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }), " ")
}
