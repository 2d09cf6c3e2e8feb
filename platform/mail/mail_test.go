package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/platform/mail"
)

// post is a mail server that keeps what it gets.
type post struct {
	mu       sync.Mutex
	sessions int
	got      []string // whole messages
	to       []string
	refuse   func(to string) error
	users    map[string]string // nil: no sign-in
}

type session struct {
	*post
	signedIn bool
	rcpt     []string
}

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sessions++
	return &session{post: p}, nil
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if s.users[user] != password || password == "" {
			return &smtp.SMTPError{Code: 535, Message: "no"}
		}
		s.signedIn = true
		return nil
	}), nil
}

func (s *session) Mail(string, *smtp.MailOptions) error {
	if s.users != nil && !s.signedIn {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.refuse != nil {
		if err := s.refuse(to); err != nil {
			return err
		}
	}
	s.rcpt = append(s.rcpt, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got, s.to = append(s.got, string(text)), append(s.to, s.rcpt...)
	return nil
}

func (s *session) Reset()        { s.rcpt = nil }
func (s *session) Logout() error { return nil }

func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	raw, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, pool
}

// listen starts the server; mode is plain, starttls or tls.
func (p *post) listen(t *testing.T, mode string) (address string, o mail.Options, server *smtp.Server) {
	t.Helper()
	server = smtp.NewServer(p)
	server.Domain = "mx.example"
	server.EnableSMTPUTF8 = true
	o = mail.Options{From: "Läden & Söhne <service@shop.example>", Hello: "shop.example", Timeout: 20 * time.Second}
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if mode != "plain" {
		cert, pool := certificate(t)
		o.TLS = &tls.Config{RootCAs: pool}
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
		if mode == "tls" {
			at = tls.NewListener(at, server.TLSConfig)
		}
	}
	go server.Serve(at) //nolint:errcheck // ends with the test
	t.Cleanup(func() { _ = server.Close() })
	return at.Addr().String(), o, server
}

func open(t *testing.T, url string, o mail.Options) *mail.Sender {
	t.Helper()
	s, err := mail.Open(url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

var greeting = mail.Message{
	Key: "notice/ntc_1", To: "Ann Müller <ann@example.com>", ReplyTo: "case+1@shop.example", Subject: "退款 129.00 元已发出",
	Text: "您好,退款已发出。\n", HTML: "<p>您好,退款已发出。</p>", Language: "zh-CN", Thread: "case/1",
}

func TestAMessageArrivesAsItWasMeant(t *testing.T) {
	p := &post{}
	address, o, _ := p.listen(t, "plain")
	if err := open(t, "smtp://"+address, o).Send(t.Context(), greeting); err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(strings.NewReader(p.got[0]))
	if err != nil {
		t.Fatal(err)
	}
	decode := func(name string) string {
		text, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return text
	}
	got := map[string]string{}
	for _, name := range []string{"From", "To", "Reply-To", "Subject", "Auto-Submitted", "Content-Language", "Mime-Version"} {
		got[name] = decode(name)
	}
	want := map[string]string{
		"From": `"Läden & Söhne" <service@shop.example>`, "To": `"Ann Müller" <ann@example.com>`, "Reply-To": "<case+1@shop.example>",
		"Subject": greeting.Subject, "Auto-Submitted": "auto-generated", "Content-Language": "zh-CN", "Mime-Version": "1.0",
	}
	got["From"], want["From"] = strings.ReplaceAll(got["From"], `"`, ""), strings.ReplaceAll(want["From"], `"`, "")
	got["To"], want["To"] = strings.ReplaceAll(got["To"], `"`, ""), strings.ReplaceAll(want["To"], `"`, "")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if id, first := m.Header.Get("Message-Id"), m.Header.Get("In-Reply-To"); !strings.HasSuffix(id, "@shop.example>") || !strings.HasSuffix(first, "@shop.example>") || id == first {
		t.Errorf("Message-ID %s, In-Reply-To %s", id, first)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []struct{ kind, text string }{{"text/plain", greeting.Text}, {"text/html", greeting.HTML}} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(quotedprintable.NewReader(part))
		if !strings.HasPrefix(part.Header.Get("Content-Type"), want.kind) || strings.TrimSpace(string(text)) != strings.TrimSpace(want.text) {
			t.Errorf("%s: %q", part.Header.Get("Content-Type"), text)
		}
	}
}

func TestTheSameKeyIsTheSameMessage(t *testing.T) {
	p := &post{}
	address, o, _ := p.listen(t, "plain")
	s := open(t, "smtp://"+address, o)
	other := greeting
	other.Key = "notice/ntc_2"
	for _, m := range []mail.Message{greeting, greeting, other} {
		if err := s.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	var ids []string
	for _, text := range p.got {
		m, err := netmail.ReadMessage(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, m.Header.Get("Message-Id"))
	}
	if ids[0] != ids[1] || ids[0] == ids[2] {
		t.Errorf("ids %v", ids)
	}
}

func TestNothingIsInjected(t *testing.T) {
	p := &post{}
	address, o, _ := p.listen(t, "plain")
	s := open(t, "smtp://"+address, o)
	m := greeting
	m.Subject = "hello\r\nBcc: eve@example.com\r\n\r\nbody"
	m.Language = "en\r\nX-Evil: 1"
	m.Text = "a\r\n.\r\nMAIL FROM:<eve@example.com>\r\n.hidden\r\n"
	m.HTML = ""
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got, err := netmail.ReadMessage(strings.NewReader(p.got[0]))
	if err != nil {
		t.Fatal(err)
	}
	if got.Header.Get("Bcc") != "" || got.Header.Get("X-Evil") != "" || got.Header.Get("Subject") != "hello Bcc: eve@example.com body" {
		t.Errorf("headers %v", got.Header)
	}
	if diff := cmp.Diff([]string{"ann@example.com"}, p.to); diff != "" || len(p.got) != 1 {
		t.Errorf("%d messages, %s", len(p.got), diff)
	}
	body, _ := io.ReadAll(quotedprintable.NewReader(got.Body))
	if strings.TrimSpace(string(body)) != strings.TrimSpace(m.Text) {
		t.Errorf("body %q", body)
	}
}

func TestAddresses(t *testing.T) {
	tests := []struct{ in, want string }{
		{"ann@example.com", "ann@example.com"},
		{" Ann <ann+tag@example.com> ", "ann+tag@example.com"},
		{"用户@例子.公司", "用户@xn--fsqu00a.xn--55qx5d"},
		{"ann@BÜCHER.example", "ann@xn--bcher-kva.example"},
		{"", ""}, {"ann", ""}, {"ann@", ""}, {"@example.com", ""}, {"a@b@c", ""},
		{"ann@example.com, eve@example.com", ""},
		{"ann@example.com\r\nBcc: eve@example.com", ""},
		{"ann@[127.0.0.1]", ""},
		{`"a b"@example.com`, ""},
		{"<ann@example.com> SIZE=1", ""},
		{strings.Repeat("a", 65) + "@example.com", ""},
		{"ann@exa mple.com", ""},
	}
	for _, test := range tests {
		got, err := mail.Address(test.in)
		if got != test.want || (err == nil) != (test.want != "") || err != nil && (!errors.Is(err, mail.ErrAddress) || !mail.Permanent(err)) {
			t.Errorf("Address(%q) = %q, %v, want %q", test.in, got, err, test.want)
		}
	}
}

func TestRefusalsTellWhetherTryingAgainHelps(t *testing.T) {
	tests := []struct {
		name      string
		err       error
		permanent bool
	}{
		{"no such user", &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "ann@example.com is not known"}, true},
		{"greylisted", &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later, ann@example.com"}, false},
		{"sign-in required", smtp.ErrAuthRequired, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := &post{refuse: func(string) error { return test.err }}
			address, o, _ := p.listen(t, "plain")
			s := open(t, "smtp://"+address, o)
			err := s.Send(t.Context(), greeting)
			if err == nil || mail.Permanent(err) != test.permanent || strings.Contains(err.Error(), "ann") {
				t.Errorf("error %v, permanent %v", err, mail.Permanent(err))
			}
			p.refuse = nil
			if err := s.Send(t.Context(), greeting); err != nil {
				t.Errorf("the next one: %v", err)
			}
		})
	}
	s := open(t, "smtp://127.0.0.1:1", mail.Options{Timeout: time.Second})
	if err := s.Send(t.Context(), greeting); err == nil || mail.Permanent(err) {
		t.Errorf("a server that is not there: %v", err)
	}
}

func TestSigningInIsEncrypted(t *testing.T) {
	for _, mode := range []string{"starttls", "tls"} {
		t.Run(mode, func(t *testing.T) {
			p := &post{users: map[string]string{"shop": "p:w@rd"}}
			address, o, _ := p.listen(t, mode)
			scheme := map[string]string{"starttls": "smtp", "tls": "smtps"}[mode]
			s := open(t, scheme+"://shop:p%3Aw%40rd@"+address, o)
			if err := s.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := s.Send(t.Context(), greeting); err != nil {
				t.Fatal(err)
			}
			if err := open(t, scheme+"://shop:wrong@"+address, o).Check(t.Context()); err == nil {
				t.Error("a check with a wrong password is good")
			}
			err := open(t, scheme+"://shop:wrong@"+address, o).Send(t.Context(), greeting)
			if err == nil || mail.Permanent(err) || strings.Contains(err.Error(), "wrong@") {
				t.Errorf("a wrong password: %v", err)
			}
			o.TLS = nil
			if err := open(t, scheme+"://shop:p%3Aw%40rd@"+address, o).Send(t.Context(), greeting); err == nil {
				t.Error("an unknown certificate was trusted")
			}
		})
	}
	p := &post{}
	address, o, _ := p.listen(t, "plain")
	if err := open(t, "smtp://shop:secret@"+address, o).Send(t.Context(), greeting); err == nil {
		t.Error("a password went to a server without encryption")
	}
}

func TestConnectionsAreUsedAgain(t *testing.T) {
	p := &post{}
	address, o, server := p.listen(t, "plain")
	o.Conns = 2
	s := open(t, "smtp://"+address, o)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			m := greeting
			m.Key = fmt.Sprint("notice/", i)
			if err := s.Send(t.Context(), m); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if p.sessions > 2 || len(p.got) != 20 {
		t.Errorf("%d connections for %d messages", p.sessions, len(p.got))
	}
	// The server goes away and another comes to the same place.
	_ = server.Close()
	again := smtp.NewServer(p)
	again.Addr = address
	go again.ListenAndServe() //nolint:errcheck // ends with the test
	defer again.Close()
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		err := s.Send(t.Context(), greeting)
		if err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
	if len(p.got) != 21 {
		t.Errorf("%d messages", len(p.got))
	}
}

func TestIntoAFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "outbox")
	s := open(t, "dir:"+dir, mail.Options{})
	for range 2 {
		if err := s.Send(t.Context(), greeting); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || !strings.HasPrefix(files[0].Name(), "notice-ntc_1-") || filepath.Ext(files[0].Name()) != ".eml" {
		t.Fatalf("%v, %v", files, err)
	}
	f, err := os.Open(filepath.Join(dir, files[0].Name()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if m, err := netmail.ReadMessage(f); err != nil || !strings.Contains(m.Header.Get("To"), "ann@example.com") {
		t.Errorf("%v, %v", m, err)
	}
}

func TestURLs(t *testing.T) {
	tests := []struct {
		url string
		ok  bool
	}{
		{"smtp://mx.example", true}, {"smtps://u:p@mx.example:465", true}, {"smtp://mx.example:25?tls=none", true}, {"dir:/tmp/x", true},
		{"", false}, {"http://mx.example", false}, {"smtp://", false}, {"smtp://mx.example?tls=maybe", false}, {"smtp://u:se%cret@mx.example", false},
	}
	for _, test := range tests {
		_, err := mail.Open(test.url, mail.Options{})
		if (err == nil) != test.ok || err != nil && strings.Contains(err.Error(), "cret") {
			t.Errorf("Open(%q): %v", test.url, err)
		}
	}
}
