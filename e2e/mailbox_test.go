package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// letter is an e-mail that arrived.
type letter struct {
	To      []string `json:"to"`
	Subject string   `json:"subject"`
	Text    string   `json:"text"`
	HTML    string   `json:"html"`
	Key     string   `json:"key"` // of the message, the same when it is sent again
}

// mailbox is a mail server that keeps what it gets.
type mailbox struct {
	mu      sync.Mutex
	letters []letter
	arrived chan struct{} // closed and renewed at each arrival
	address string
}

// newMailbox runs a mail server until the test ends.
func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	m := &mailbox{arrived: make(chan struct{})}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m.address = l.Addr().String()
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{box: m}, nil }))
	s.Domain, s.MaxRecipients, s.MaxMessageBytes = "localhost", 50, 4<<20
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return m
}

// delivery is one SMTP session.
type delivery struct {
	box *mailbox
	to  []string
}

func (d *delivery) Mail(string, *smtp.MailOptions) error { return nil }
func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	d.to = append(d.to, to)
	return nil
}
func (d *delivery) Reset()        { d.to = nil }
func (d *delivery) Logout() error { return nil }

func (d *delivery) Data(r io.Reader) error {
	got, err := read(r)
	if err != nil {
		return err
	}
	got.To = d.to
	d.box.mu.Lock()
	defer d.box.mu.Unlock()
	d.box.letters = append(d.box.letters, got)
	close(d.box.arrived)
	d.box.arrived = make(chan struct{})
	return nil
}

func read(r io.Reader) (letter, error) {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return letter{}, err
	}
	words := new(mime.WordDecoder)
	subject, err := words.DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return letter{}, err
	}
	got := letter{Subject: subject, Key: m.Header.Get("Message-Id")}
	return got, got.parts(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
}

// parts reads the text and the HTML of a message, however they are nested.
func (l *letter) parts(kind, encoding string, body io.Reader) error {
	media, params, err := mime.ParseMediaType(kind)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(media, "multipart/") {
		raw, err := io.ReadAll(decoded(encoding, body))
		switch media {
		case "text/plain":
			l.Text += string(raw)
		case "text/html":
			l.HTML += string(raw)
		}
		return err
	}
	all := multipart.NewReader(body, params["boundary"])
	for {
		part, err := all.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := l.parts(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part); err != nil {
			return err
		}
	}
}

// find returns the letters to an address that hold every word in subject or
// text.
func (m *mailbox) find(to string, words ...string) (found []letter, arrived <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.letters {
		has := func(word string) bool { return strings.Contains(l.Subject+"\n"+l.Text, word) }
		if slices.Contains(l.To, to) && !slices.ContainsFunc(words, func(w string) bool { return !has(w) }) {
			found = append(found, l)
		}
	}
	return found, m.arrived
}

// serve answers GET /?to=…&word=…&before=n with the newest such letter, as soon
// as there are more than n: the browser's side of a walk reads its mail there.
// With before=-1 it answers at once how many there are.
func (m *mailbox) serve(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := time.After(100 * time.Second)
		before, _ := strconv.Atoi(r.FormValue("before"))
		for {
			found, arrived := m.find(r.FormValue("to"), r.URL.Query()["word"]...)
			if before < 0 {
				_ = json.NewEncoder(w).Encode(map[string]int{"count": len(found)})
				return
			}
			if n := len(found); n > before {
				_ = json.NewEncoder(w).Encode(found[n-1])
				return
			}
			select {
			case <-arrived:
			case <-r.Context().Done():
				return
			case <-limit:
				http.Error(w, "none within 100 s; arrived: "+m.subjects(), http.StatusNotFound)
				return
			}
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func (m *mailbox) subjects() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var b bytes.Buffer
	for _, l := range m.letters {
		b.WriteString(strings.Join(l.To, ",") + ": " + l.Subject + "\n")
	}
	return b.String()
}
