package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/aftercare/aftercare/platform/seal"
	"github.com/aftercare/aftercare/platform/seal/leaf"
)

// Verdicts about one thing.
const (
	Proven   = "proven"
	Unproven = "not proven" // nothing speaks against it
	False    = "false"
)

// Statement is a verdict in words.
type Statement struct {
	Verdict string `json:"verdict"`
	About   string `json:"about"`
	Text    string `json:"text"`
}

// Result is what is known about a bundle.
type Result struct {
	Case       string      `json:"case"`
	Origin     string      `json:"origin"`
	Size       int64       `json:"entries"` // of the log at the checkpoint
	Statements []Statement `json:"statements"`
	Good       bool        `json:"good"` // nothing is false
}

func (r *Result) say(verdict, about, format string, args ...any) {
	r.Statements = append(r.Statements, Statement{verdict, about, fmt.Sprintf(format, args...)})
	r.Good = r.Good && verdict != False
}

// Trust is what the reader knows from elsewhere.
type Trust struct {
	Keys      []string // of the log; none: those in the bundle are taken, which proves less
	Witnesses []string // whose signature is worth something to the reader

	Print Printer // makes the PDF pages again, to compare them; nil: they are not compared
}

// Verify reads a file and says what it proves. It needs nothing else. An error
// is a file that is no bundle.
func Verify(file io.ReaderAt, size int64, trust Trust) (Result, error) {
	b, made, err := read(file, size)
	if err != nil {
		return Result{}, err
	}
	b.Print = trust.Print
	r := Result{Case: b.Case.Case, Origin: b.Origin, Good: true, Statements: []Statement{}}
	root, size, ok := r.checkpoint(b, trust)
	r.Size = size
	r.events(b, root, size, ok)
	r.chain(b)
	r.files(b)
	r.pages(b, made)
	return r, nil
}

func (r *Result) checkpoint(b Bundle, trust Trust) (root tlog.Hash, size int64, ok bool) {
	keys := trust.Keys
	if len(keys) == 0 {
		keys = b.Keys
	}
	known, err := seal.Verifiers(append(slices.Clone(keys), trust.Witnesses...)...)
	if err != nil {
		r.say(False, "keys", "A key cannot be read: %v.", err)
		return root, 0, false
	}
	n, err := note.Open([]byte(b.Checkpoint), known)
	if err != nil {
		r.say(False, "checkpoint", "The checkpoint is not signed by %s: %.100s.", ifElse(len(trust.Keys) > 0, "a key that you trust", "its own key"), err)
		return root, 0, false
	}
	origin, size, root, err := seal.ParseCheckpoint(n.Text)
	if err != nil || origin != b.Origin {
		r.say(False, "checkpoint", "The checkpoint is not one of the log %q.", b.Origin)
		return root, 0, false
	}
	logs, when := 0, time.Time{}
	for _, s := range n.Sigs {
		if s.Name == origin {
			logs++
		}
		if at, ok := seal.SignedAt(s); ok {
			if s.Name == origin {
				when = at
				continue
			}
			r.say(Proven, "witness", "The witness %s saw this log on %s.", s.Name, at.Format("2006-01-02 15:04:05 MST"))
		}
	}
	if logs == 0 {
		r.say(False, "checkpoint", "The checkpoint carries no signature of its log.")
		return root, size, false
	}
	r.say(Proven, "checkpoint", "The log %s had %d entries and signed them%s.", origin, size, ifElse(when.IsZero(), "", " on "+when.Format("2006-01-02 15:04:05 MST")))
	if len(trust.Keys) == 0 {
		r.say(Unproven, "keys", "The key is the one in the bundle. Compare it with the one that the shop publishes at /log/keys: %s", b.Keys[0])
	}
	return root, size, true
}

func ifElse(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

func (r *Result) events(b Bundle, root tlog.Hash, size int64, ok bool) {
	seen, gone := map[int64]bool{}, b.erased()
	for _, e := range b.Events {
		about := "event " + e.ID
		_, h, err := e.hashes()
		switch {
		case err != nil:
			r.say(False, about, "%s of %s: %v.", e.Type, e.Time().Format("2006-01-02 15:04:05"), err)
		case e.Proof == nil:
			r.say(Unproven, about, "%s of %s was not sealed yet when the bundle was made.", e.Type, e.Time().Format("2006-01-02 15:04:05"))
		case seen[e.Position]:
			r.say(False, about, "Another event claims the same place in the log.")
		case !ok:
			r.say(Unproven, about, "%s: there is no checkpoint to hold it against.", e.Type)
		case e.Position < 1 || e.Position > size || tlog.CheckRecord(e.Proof, size, root, e.Position-1, tlog.Hash(h)) != nil:
			r.say(False, about, "%s of %s is not entry %d of the log: it was changed, or never sealed.", e.Type, e.Time().Format("2006-01-02 15:04:05"), e.Position-1)
		case e.Kind != leaf.Written:
			r.say(Unproven, about, "%s is entry %d, but was not written by the program, or before the log began.", e.Type, e.Position-1)
		default:
			r.say(Proven, about, "%s of %s is entry %d of the log%s.", e.Type, e.Time().Format("2006-01-02 15:04:05"), e.Position-1, shown(e, gone[e.ID]))
		}
		seen[e.Position] = true
	}
}

// shown says which parts of an event the reader does not get.
func shown(e Event, gone bool) string {
	switch {
	case gone && e.WhoSalt == "" && e.DataSalt == "":
		return "; what it says and who did it were erased, which was announced"
	case e.WhoSalt == "" && e.DataSalt == "":
		return "; what it says and who did it are erased or kept back"
	case e.WhoSalt == "":
		return "; who did it is kept back"
	case e.DataSalt == "":
		return "; what it says is kept back"
	}
	return ""
}

// chain looks for events that are missing between those that are there.
func (r *Result) chain(b Bundle) {
	known := map[string]bool{}
	whole := true
	for _, e := range b.Events {
		stream := e.Tenant + "\x00" + e.Stream + "\x00" + e.Subject + "\x00"
		content, _, err := e.hashes()
		if err != nil {
			whole = false
			continue
		}
		if e.Previous != hex.EncodeToString(make([]byte, leaf.Size)) && !known[stream+e.Previous] {
			r.say(False, "event "+e.ID, "An event of %s %s before it is missing in the bundle, or stands behind it.", e.Stream, e.Subject)
			whole = false
		}
		known[stream+hex.EncodeToString(content[:])] = true
	}
	if whole {
		r.say(Proven, "history", "No event is missing between the first and the last of each thing. Whether there were later ones, a bundle cannot say.")
	}
}

// files compares the photos with what was sealed of them.
func (r *Result) files(b Bundle) {
	sealed := map[string]bool{}
	for _, e := range b.Events {
		if e.Type != "photo.attached" || e.Data == "" || e.Proof == nil {
			continue
		}
		var fact struct {
			Photos []struct {
				ID     string `json:"id"`
				SHA256 string `json:"sha256"`
			} `json:"photos"`
		}
		if json.Unmarshal([]byte(e.Data), &fact) != nil {
			continue
		}
		for _, p := range fact.Photos {
			sealed[p.SHA256] = true
			if !slices.ContainsFunc(b.Files, func(f File) bool { return f.SHA256 == p.SHA256 }) {
				r.say(Unproven, "photo "+p.ID, "Its file is not in the bundle; its hash %s was sealed on %s.", p.SHA256, e.Time().Format("2006-01-02"))
			}
		}
	}
	for _, f := range b.Files {
		sum, err := f.sum()
		switch {
		case err != nil:
			r.say(False, f.Name(), "The file cannot be read: %v.", err)
		case sum != f.SHA256:
			r.say(False, f.Name(), "The file is not the one its name says: it was changed.")
		case !sealed[f.SHA256]:
			r.say(False, f.Name(), "No event of this case speaks of the file.")
		default:
			r.say(Proven, f.Name(), "The file is, byte for byte, what was sent.")
		}
	}
}

func (f File) sum() (string, error) {
	r, err := f.Open()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(h, r)
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, r.Close())
}

// pages makes the pages again from the events.
func (r *Result) pages(b Bundle, made []part) {
	want, err := b.texts()
	if err != nil {
		r.say(Unproven, "pages", "The pages cannot be compared: %v.", err)
		return
	}
	same := true
	for _, p := range made {
		if b.Print == nil && strings.HasSuffix(p.name, ".pdf") {
			r.say(Unproven, p.name, "This verifier cannot make the page again to compare it. Only events.json counts.")
			same = false
			continue
		}
		i := slices.IndexFunc(want, func(w part) bool { return w.name == p.name })
		if i < 0 || string(want[i].data) != string(p.data) {
			r.say(Unproven, p.name, "The page is not what this version of the program makes of the events: it was changed, or made by another version. Only events.json counts.")
			same = false
		}
	}
	if same {
		r.say(Proven, "pages", "The pages say what the events say.")
	}
}
