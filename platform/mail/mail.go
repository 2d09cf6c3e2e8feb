// Package mail sends e-mails: through an SMTP server, or into a folder.
//
// It owns the form of a message and the connections. It does not own texts,
// languages or the decision to write to somebody. A message has a key; the same
// key gives the same Message-ID, so that one sent twice after a crash can be
// recognized by the receiver. Nothing a caller passes can add a header or a
// recipient.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Message is one e-mail to one person.
type Message struct {
	Key      string // what it is about, such as "notice/ntc_1": equal keys are the same message
	To       string // one address, with or without a name
	ReplyTo  string // may be empty
	Subject  string
	Text     string // required
	HTML     string // may be empty
	Language string // BCP 47, of the texts; may be empty
	Thread   string // key of the first message of a conversation, or empty
}

// Options change a sender; the zero value is right with a URL that says all.
type Options struct {
	From    string        // sender, as in "Shop <service@shop.example>"; "Aftercare <aftercare@localhost>" when empty
	Hello   string        // name given to the server, this machine's when empty
	Timeout time.Duration // for connecting and for each step, 20 s when 0
	Conns   int           // connections at most, 4 when 0
	Idle    time.Duration // how long an unused connection is kept, 20 s when 0
	TLS     *tls.Config   // certificates to trust beyond the system's
}

// Sender sends messages. It is safe for concurrent use.
type Sender struct {
	from    address
	deliver interface {
		send(ctx context.Context, l letter) error
		close() error
	}
}

// Open reads a URL:
//
//	smtp://user:password@host:587?tls=starttls   STARTTLS is required (the default with a user)
//	smtp://host:25?tls=opportunistic             STARTTLS if offered (the default without a user)
//	smtp://host:25?tls=none                      never
//	smtps://user:password@host:465               TLS from the first byte
//	dir:PATH                                     one .eml file per message
//
// It does not connect; Check does.
func Open(target string, o Options) (*Sender, error) {
	if o.From == "" {
		o.From = "Aftercare <aftercare@localhost>"
	}
	if o.Timeout == 0 {
		o.Timeout = 20 * time.Second
	}
	if o.Conns == 0 {
		o.Conns = 4
	}
	if o.Idle == 0 {
		o.Idle = 20 * time.Second
	}
	from, err := parse(o.From)
	if err != nil {
		return nil, fmt.Errorf("mail sender: %w", err)
	}
	s := &Sender{from: from}
	if path, ok := strings.CutPrefix(target, "dir:"); ok {
		s.deliver = folder{path}
		return s, nil
	}
	u, err := url.Parse(target)
	if err != nil {
		return nil, errors.New("mail URL is not readable") // the error would show the password
	}
	if s.deliver, err = openSMTP(u, o); err != nil {
		return nil, err
	}
	return s, nil
}

// Send delivers a message. Permanent tells from the error whether trying again
// is useless. After an error the message may have been delivered all the same.
// Errors hold no addresses.
func (s *Sender) Send(ctx context.Context, m Message) error {
	l, err := s.compose(m)
	if err != nil {
		return err
	}
	return s.deliver.send(ctx, l)
}

// Check connects and signs in, for a health check.
func (s *Sender) Check(ctx context.Context) error {
	if server, ok := s.deliver.(*smtpServer); ok {
		return server.check(ctx)
	}
	return s.deliver.(folder).check()
}

// Close ends the connections.
func (s *Sender) Close() error { return s.deliver.close() }

// permanent marks an error that trying again does not mend.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent reports whether trying again is useless: the address does not
// exist, the message is refused.
func Permanent(err error) bool {
	var p permanent
	return errors.As(err, &p)
}
