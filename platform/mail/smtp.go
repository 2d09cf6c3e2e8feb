package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// smtpServer keeps a few connections to one server.
type smtpServer struct {
	client *gomail.Client
	o      Options
	slots  chan struct{} // one per connection that may exist

	mu     sync.Mutex
	idle   []*line
	closed bool
}

// line is one connection, signed in.
type line struct {
	smtp  *smtp.Client
	wire  net.Conn
	timer *time.Timer // closes it when idle for too long
}

func openSMTP(u *url.URL, o Options) (*smtpServer, error) {
	if u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		return nil, errors.New("mail URL must be smtp://host, smtps://host or dir:PATH")
	}
	port, policy := 25, gomail.TLSOpportunistic
	if u.User != nil {
		port, policy = 587, gomail.TLSMandatory
	}
	switch mode := u.Query().Get("tls"); {
	case u.Scheme == "smtps": // the connection is encrypted before SMTP begins
		port, policy = 465, gomail.TLSOpportunistic
	case mode == "starttls":
		policy = gomail.TLSMandatory
	case mode == "opportunistic":
		policy = gomail.TLSOpportunistic
	case mode == "none":
		policy = gomail.NoTLS
	case mode != "":
		return nil, fmt.Errorf("mail URL: tls=%s is not starttls, opportunistic or none", mode)
	}
	if text := u.Port(); text != "" {
		var err error
		if port, err = strconv.Atoi(text); err != nil {
			return nil, errors.New("mail URL: the port is not a number")
		}
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if o.TLS != nil {
		config = o.TLS.Clone()
	}
	config.ServerName = u.Hostname()
	options := []gomail.Option{
		gomail.WithPort(port), gomail.WithTLSPolicy(policy), gomail.WithTimeout(o.Timeout), gomail.WithTLSConfig(config),
		gomail.WithDialContextFunc(dial(u.Scheme == "smtps", config)),
	}
	if o.Hello != "" {
		options = append(options, gomail.WithHELO(o.Hello))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("mail URL: %w", err)
	}
	return &smtpServer{client: client, o: o, slots: make(chan struct{}, o.Conns)}, nil
}

// wireKey carries a place for the raw connection through the library, which
// returns none on failure and would leave it open.
type wireKey struct{}

func dial(encrypted bool, config *tls.Config) gomail.DialContextFunc {
	return func(ctx context.Context, network, address string) (wire net.Conn, err error) {
		if encrypted {
			wire, err = (&tls.Dialer{Config: config}).DialContext(ctx, network, address)
		} else {
			wire, err = (&net.Dialer{}).DialContext(ctx, network, address)
		}
		if place, ok := ctx.Value(wireKey{}).(*net.Conn); ok && err == nil {
			*place = wire
		}
		return wire, err
	}
}

func (s *smtpServer) send(ctx context.Context, l letter) error {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return fmt.Errorf("mail server: %w", ctx.Err())
	}
	if kept := s.take(); kept != nil {
		err := s.over(ctx, kept, l)
		if f, ok := errors.AsType[*gomail.SendError](err); !ok || f.Reason != gomail.ErrConnCheck {
			return plain(err)
		}
		// The server had closed the kept connection; nothing was sent.
	}
	fresh, err := s.connect(ctx)
	if err != nil {
		return err
	}
	return plain(s.over(ctx, fresh, l))
}

// over sends on one connection, which is kept for the next message if it is
// still good.
func (s *smtpServer) over(ctx context.Context, c *line, l letter) error {
	stop := context.AfterFunc(ctx, func() { _ = c.wire.Close() })
	err := s.client.SendWithSMTPClient(c.smtp, l.msg)
	intact := stop()
	if l.msg.IsDelivered() { // what failed came after
		if err == nil && intact {
			s.keep(c)
		} else {
			_ = c.wire.Close()
		}
		return nil
	}
	if f, ok := errors.AsType[*gomail.SendError](err); intact && ok && f.ErrorCode() != 0 && f.Reason != gomail.ErrSMTPData {
		s.keep(c) // the server answered: only this message was refused
	} else {
		_ = c.wire.Close()
	}
	if err == nil {
		err = errors.New("not delivered")
	}
	return err
}

func (s *smtpServer) connect(ctx context.Context) (*line, error) {
	var wire net.Conn
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, wireKey{}, &wire), s.o.Timeout)
	defer cancel()
	c, err := s.client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		if wire != nil {
			_ = wire.Close()
		}
		return nil, fmt.Errorf("connect to the mail server: %w", clean(err))
	}
	return &line{smtp: c, wire: wire}, nil
}

func (s *smtpServer) take() *line {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.idle) == 0 {
		return nil
	}
	c := s.idle[len(s.idle)-1]
	s.idle = s.idle[:len(s.idle)-1]
	c.timer.Stop()
	return c
}

func (s *smtpServer) keep(c *line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = c.wire.Close()
		return
	}
	c.timer = time.AfterFunc(s.o.Idle, func() { s.retire(c) })
	s.idle = append(s.idle, c)
}

// retire says good-bye on a connection that nobody has used.
func (s *smtpServer) retire(c *line) {
	s.mu.Lock()
	i := slices.Index(s.idle, c)
	if i >= 0 {
		s.idle = slices.Delete(s.idle, i, i+1)
	}
	s.mu.Unlock()
	if i < 0 { // in use again
		return
	}
	_ = c.wire.SetDeadline(time.Now().Add(time.Second))
	_ = c.smtp.Quit()
	_ = c.wire.Close()
}

func (s *smtpServer) check(ctx context.Context) error {
	c, err := s.connect(ctx)
	if err != nil {
		return err
	}
	s.keep(c)
	return nil
}

func (s *smtpServer) close() error {
	s.mu.Lock()
	s.closed = true
	kept := slices.Clone(s.idle)
	s.mu.Unlock()
	for _, c := range kept {
		c.timer.Stop()
		s.retire(c)
	}
	return nil
}

// plain words a failure without addresses, and marks it permanent if the server
// refused this recipient or this message for good. A refused sender or password
// is the shop's fault and can be mended, so trying again is not useless.
func plain(err error) error {
	f, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		if err != nil {
			err = clean(err)
		}
		return err
	}
	failure := fmt.Errorf("mail server: %w", clean(err))
	about := f.Reason == gomail.ErrSMTPRcptTo || f.Reason == gomail.ErrSMTPData || f.Reason == gomail.ErrSMTPDataClose
	if about && f.ErrorCode() >= 550 { // 50x and 53x are about commands and sign-in
		return permanent{failure}
	}
	return failure
}

var addressLike = regexp.MustCompile(`[^\s<>,;:"']+@[^\s<>,;:"']+`)

// clean words an error without what looks like an address, and forgets the
// library's types, which carry the message.
func clean(err error) error {
	return errors.New(addressLike.ReplaceAllString(err.Error(), "…"))
}
