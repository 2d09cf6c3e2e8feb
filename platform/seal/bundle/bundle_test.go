package bundle_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal"
	"github.com/aftercare/aftercare/platform/seal/bundle"
)

type fact struct {
	name string
	Text string `json:"comment,omitempty"`
	Pics []pic  `json:"photos,omitempty"`
}

type pic struct {
	ID     string `json:"id"`
	SHA256 string `json:"sha256"`
}

func (f fact) Type() string { return f.name }

var photo = bytes.Repeat([]byte("photo"), 4000)

func sum(b []byte) string { h := sha256.Sum256(b); return hex.EncodeToString(h[:]) }

// made is a bundle of five events, one kept back, one erased, and a photo.
func made(t testing.TB, d *db.DB) bundle.Bundle {
	t.Helper()
	ctx := context.Background()
	by := actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "usr_1", Name: "<b>李雷</b>"}
	say := func(stream, subject string, f fact) {
		err := d.Write(ctx, func(tx *db.Tx) error {
			return event.Append(ctx, tx, by, event.About{Stream: stream, Subject: subject, Version: 1}, f)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	say("case", "case_1", fact{name: "case.submitted", Text: "<script>alert(1)</script>"})
	say("photo", "case_1", fact{name: "photo.attached", Pics: []pic{{"pho_1", sum(photo)}}})
	say("case", "case_2", fact{name: "case.submitted"})
	say("case", "case_1", fact{name: "case.approved"})
	say("case", "case_1", fact{name: "case.completed"})
	tail := event.NewTail(d, nil, nil)
	l := seal.New(seal.Options{DB: d, Tail: tail, By: actor.Of("main"), Name: "shop.example/log", KeyFile: filepath.Join(t.TempDir(), "log.key"), Interval: time.Millisecond})
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go tail.Run(ctx)                                       //nolint:errcheck // ends with the test
	go event.NewRelay(tail, event.RelayOptions{}).Run(ctx) //nolint:errcheck // ends with the test
	done := make(chan struct{})
	go func() { defer close(done); _ = l.Run(ctx) }()
	defer func() { stop(); <-done }()
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if s, err := l.Status(ctx); err == nil && s.Size >= 6 && s.Unsealed == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("not sealed")
		}
	}
	var b bundle.Bundle
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		var all []event.Sealed
		for _, stream := range []string{"case", "photo"} {
			some, err := event.SealedHistory(context.Background(), tx, "main", stream, "case_1")
			if err != nil {
				return err
			}
			all = append(all, some...)
		}
		var positions []int64
		for _, e := range all {
			positions = append(positions, e.Event.Position)
		}
		c, proofs, err := seal.Prove(context.Background(), tx, positions)
		if err != nil {
			return err
		}
		keys, err := seal.Keys(context.Background(), tx)
		if err != nil {
			return err
		}
		b.Checkpoint, b.Keys = c.Note, []string{keys[0].Verifier}
		b.Case = bundle.Case{Format: bundle.Format, Origin: "shop.example/log", Tenant: "main", Case: "case_1"}
		for _, e := range all {
			who, data := e.Body()
			one := bundle.Event{Position: e.Event.Position, Kind: e.Kind, Tenant: e.Tenant, ID: e.ID, Stream: e.Stream, Subject: e.Subject, Version: e.Version, Type: e.Type,
				ActorKind: string(e.Actor), At: db.Millis(e.At), Who: hex.EncodeToString(who[:]), DataHash: hex.EncodeToString(data[:]), Previous: hex.EncodeToString(e.Previous[:]),
				Proof: proofs[e.Event.Position].Hashes}
			if e.Type != "case.approved" {
				one.WhoSalt, one.ActorID, one.ActorName = hex.EncodeToString(e.WhoSalt), e.ActorID, e.Name
				one.DataSalt, one.Data = hex.EncodeToString(e.DataSalt), e.Stored
			}
			b.Events = append(b.Events, one)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Files = []bundle.File{bundle.Held(sum(photo), "jpg", photo)}
	return b
}

var schemas = []db.Schema{event.Schema, seal.Schema}

func packed(t testing.TB, b bundle.Bundle) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := bundle.Write(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func verify(data []byte, keys ...string) (bundle.Result, error) {
	return bundle.Verify(bytes.NewReader(data), int64(len(data)), bundle.Trust{Keys: keys})
}

func verdicts(r bundle.Result, verdict string) (all []string) {
	for _, s := range r.Statements {
		if s.Verdict == verdict {
			all = append(all, s.About+": "+s.Text)
		}
	}
	return all
}

func TestABundleProvesWhatItHolds(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		b := made(t, d)
		data := packed(t, b)
		r, err := verify(data, b.Keys[0])
		if err != nil || !r.Good || len(verdicts(r, bundle.Unproven)) != 0 {
			t.Fatalf("%v %+v", err, r)
		}
		if got := len(verdicts(r, bundle.Proven)); got != 8 { // checkpoint, 4 events, history, photo, pages
			t.Errorf("%d proven: %q", got, r.Statements)
		}
		if !strings.Contains(fmt.Sprint(r.Statements), "kept back") {
			t.Error("nothing says that an event was kept back")
		}
		if r, err = verify(data); err != nil || !r.Good || len(verdicts(r, bundle.Unproven)) != 1 {
			t.Errorf("without a key: %v %+v", err, r)
		}
		if bytes.Contains(data, []byte("<script>")) || !bytes.Contains(data, []byte("&lt;script&gt;")) {
			t.Error("a page holds what somebody wrote as it is")
		}
		if again := packed(t, b); !bytes.Equal(again, data) {
			t.Error("the same content gives other bytes")
		}
	})
}

func TestAnyChangedByteIsFound(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		b := made(t, d)
		data := packed(t, b)
		for i := 0; i < len(data); i += 1 + i/997%7 {
			changed := slices.Clone(data)
			changed[i] ^= 0x20
			if r, err := verify(changed, b.Keys[0]); err == nil && r.Good && len(verdicts(r, bundle.Unproven)) == 0 {
				t.Fatalf("byte %d of %d was changed and everything is proven", i, len(data))
			}
		}
	})
}

func sqlite(t testing.TB) *db.DB {
	d, err := db.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "x.db"), db.Options{Keys: func() [][]byte { return [][]byte{[]byte("k")} }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if _, err := d.Migrate(t.Context(), schemas); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAForgedBundleIsFalse(t *testing.T) {
	tests := []struct {
		name  string
		forge func(b *bundle.Bundle)
		words string
	}{
		{"data", func(b *bundle.Bundle) { b.Events[0].Data = `{"comment":"other"}` }, "the data is not what was sealed"},
		{"who", func(b *bundle.Bundle) { b.Events[0].ActorName = "Han Meimei" }, "who acted is not what was sealed"},
		{"type", func(b *bundle.Bundle) { b.Events[0].Type = "case.rejected" }, "is not entry"},
		{"time", func(b *bundle.Bundle) { b.Events[0].At-- }, "is not entry"},
		{"place", func(b *bundle.Bundle) { b.Events[0].Position++ }, "is not entry"},
		{"a place twice", func(b *bundle.Bundle) { b.Events = append(b.Events, b.Events[0]) }, "claims the same place"},
		{"one left out", func(b *bundle.Bundle) { b.Events = slices.Delete(b.Events, 1, 2) }, "is missing in the bundle"},
		{"photo", func(b *bundle.Bundle) { b.Files[0] = bundle.Held(sum(photo), "jpg", append(slices.Clone(photo), 'x')) }, "it was changed"},
		{"another photo", func(b *bundle.Bundle) {
			b.Files = append(b.Files, bundle.Held(sum([]byte("x")), "png", []byte("x")))
		}, "No event of this case speaks"},
		{"checkpoint", func(b *bundle.Bundle) { b.Checkpoint = strings.Replace(b.Checkpoint, "\n6\n", "\n7\n", 1) }, "not signed"},
		{"origin", func(b *bundle.Bundle) { b.Origin = "other.example/log" }, "not one of the log"},
		{"data without salt", func(b *bundle.Bundle) { b.Events[0].DataSalt = "" }, "without its salt"},
	}
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		good := made(t, d)
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				b := good
				b.Events, b.Files = slices.Clone(good.Events), slices.Clone(good.Files)
				test.forge(&b)
				r, err := verify(packed(t, b), good.Keys[0])
				if err != nil {
					t.Fatal(err)
				}
				if r.Good || !strings.Contains(strings.Join(verdicts(r, bundle.False), "\n"), test.words) {
					t.Errorf("want %q, got %q", test.words, verdicts(r, bundle.False))
				}
			})
		}
		other := made(t, sqlite(t))
		if r, err := verify(packed(t, good), other.Keys[0]); err != nil || r.Good {
			t.Errorf("with another log's key: %v %+v", err, r)
		}
	})
}

func TestHostileFilesAreRefused(t *testing.T) {
	d := sqlite(t)
	good := packed(t, made(t, d))
	z, err := zip.NewReader(bytes.NewReader(good), int64(len(good)))
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func(w *zip.Writer)) []byte {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for _, f := range z.File {
			one, _ := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
			r, _ := f.Open()
			_, _ = io.Copy(one, r)
		}
		change(w)
		_ = w.Close()
		return out.Bytes()
	}
	add := func(name string, method uint16, data []byte) func(w *zip.Writer) {
		return func(w *zip.Writer) {
			f, _ := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
			_, _ = f.Write(data)
		}
	}
	name := "evidence/" + strings.Repeat("a", 64) + ".jpg"
	files := map[string][]byte{
		"nothing":          {},
		"text":             []byte(strings.Repeat("hello ", 100)),
		"traversal":        with(add("../../etc/passwd", zip.Store, nil)),
		"traversal inside": with(add("evidence/../x.jpg", zip.Store, nil)),
		"absolute":         with(add("/etc/passwd", zip.Store, nil)),
		"another name":     with(add("run.sh", zip.Store, nil)),
		"twice":            with(add("keys", zip.Store, []byte("x"))),
		"compressed":       with(add(name, zip.Deflate, make([]byte, 1<<20))),
		"huge":             with(add(name, zip.Store, make([]byte, 129<<20))),
		"a link": with(func(w *zip.Writer) {
			h := &zip.FileHeader{Name: name}
			h.SetMode(0o777 | 1<<27)
			_, _ = w.CreateHeader(h)
		}),
		"a folder":     with(func(w *zip.Writer) { _, _ = w.Create("evidence/") }),
		"a comment":    with(func(w *zip.Writer) { _ = w.SetComment("hello") }),
		"bytes before": append([]byte("MZ"), good...),
		"bytes behind": append(slices.Clone(good), 0),
		"cut":          good[:len(good)-30],
		"too many": with(func(w *zip.Writer) {
			for i := range 1100 {
				add(fmt.Sprintf("evidence/%064x.jpg", i), zip.Store, nil)(w)
			}
		}),
		"events of no case": with(func(*zip.Writer) {})[:40],
	}
	for what, data := range files {
		if _, err := bundle.Read(bytes.NewReader(data), int64(len(data))); !errors.Is(err, bundle.ErrBundle) {
			t.Errorf("%s: %v", what, err)
		}
	}
	// An entry that claims to be small and is not.
	lying := slices.Clone(good)
	at := bytes.LastIndex(lying, []byte("PK\x01\x02"))
	copy(lying[at+24:], []byte{1, 0, 0, 0})
	if _, err := bundle.Read(bytes.NewReader(lying), int64(len(lying))); err == nil {
		t.Error("a lie about a length was believed")
	}
}

func FuzzRead(f *testing.F) {
	good := packed(f, made(f, sqlite(f)))
	f.Add(good)
	f.Add(good[:200])
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := bundle.Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		r, err := verify(data, b.Keys...)
		if err == nil && r.Good && len(verdicts(r, bundle.Unproven)) == 0 && !bytes.Equal(data, good) && len(b.Events) > 0 {
			t.Logf("another good bundle of %d events", len(b.Events))
		}
	})
}
