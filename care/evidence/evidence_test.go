package evidence_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/blob"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

var (
	schemas = []db.Schema{event.Schema, job.Schema, evidence.Schema}
	ann     = actor.Actor{Tenant: "t1", Kind: actor.Customer, ID: "cus_ann"}
	bob     = actor.Actor{Tenant: "t1", Kind: actor.Customer, ID: "cus_bob"}
	agent   = actor.Actor{Tenant: "t1", Kind: actor.Staff, ID: "stf_1"}
	far     = actor.Actor{Tenant: "t2", Kind: actor.Staff, ID: "stf_1"}
	hidden  = fault.New(fault.Missing, "test.no_case", "There is no such case.")
)

type box struct {
	*testing.T
	d     *db.DB
	clock *dbtest.Clock
	blobs *blob.Store
	dir   string
	s     *evidence.Service
}

// age makes all files look as if they had been put two days ago.
func (x *box) age() {
	x.Helper()
	old := time.Now().Add(-48 * time.Hour)
	err := filepath.WalkDir(x.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chtimes(path, old, old)
	})
	if err != nil {
		x.Fatal(err)
	}
}

func each(t *testing.T, test func(t *testing.T, x *box)) {
	dbtest.EachAt(t, schemas, time.Now().UTC(), func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		dir := t.TempDir()
		blobs, err := blob.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		x := &box{T: t, d: d, clock: clock, blobs: blobs, dir: dir, s: evidence.New(d, blobs)}
		x.s.CanSee = func(_ context.Context, _ *db.Tx, by actor.Actor, caseID string) error {
			if by.Kind == actor.Staff && caseID != "case_hidden" {
				return nil
			}
			return hidden
		}
		test(t, x)
	})
}

func (x *box) upload(by actor.Actor, data []byte) evidence.Photo {
	x.Helper()
	p, err := x.s.Upload(x.Context(), by, bytes.NewReader(data))
	if err != nil {
		x.Fatal(err)
	}
	return p
}

func (x *box) attach(by actor.Actor, caseID string, ids ...string) error {
	return x.d.Write(x.Context(), func(tx *db.Tx) error { return x.s.Attach(x.Context(), tx, by, ids, caseID) })
}

func (x *box) see(by actor.Actor, id string) error {
	return x.d.Read(x.Context(), func(tx *db.Tx) error {
		_, err := x.s.ByID(x.Context(), tx, by, id)
		return err
	})
}

// quadrants is a picture whose corners are red, green, blue and white.
func quadrants(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	colours := [4]color.RGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 255, 255}}
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, colours[x*2/w+2*(y*2/h)])
		}
	}
	return m
}

// letters names the colours of the four corners.
func letters(m image.Image) (s string) {
	b := m.Bounds()
	for _, p := range []image.Point{{b.Dx() / 4, b.Dy() / 4}, {b.Dx() * 3 / 4, b.Dy() / 4}, {b.Dx() / 4, b.Dy() * 3 / 4}, {b.Dx() * 3 / 4, b.Dy() * 3 / 4}} {
		r, g, bl, _ := m.At(p.X, p.Y).RGBA()
		switch hi := func(v uint32) bool { return v > 0x8000 }; {
		case hi(r) && hi(g) && hi(bl):
			s += "W"
		case hi(r):
			s += "R"
		case hi(g):
			s += "G"
		case hi(bl):
			s += "B"
		default:
			s += "?"
		}
	}
	return s
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const secret = "N 31.2304 E 121.4737 home of Ann"

// exif is a TIFF block with an orientation and a place.
func exif(turn uint16, order binary.AppendByteOrder, mark string) []byte {
	b := []byte(mark)
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	entry := func(tag, kind uint16, count uint32, value []byte) {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, kind)
		b = order.AppendUint32(b, count)
		b = append(b, value...)
	}
	entry(0x0112, 3, 1, append(order.AppendUint16(nil, turn), 0, 0))
	entry(0x010e, 2, uint32(len(secret)), order.AppendUint32(nil, 8+2+24+4))
	b = order.AppendUint32(b, 0)
	return append(b, secret...)
}

func jpegWith(data, tiff []byte) []byte {
	body := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(body)+2))
	return append(append(head, body...), data[2:]...)
}

func pngWith(data, tiff []byte) []byte {
	const ihdr = 8 + 25
	chunk := append([]byte("eXIf"), tiff...)
	b := append([]byte{}, data[:ihdr]...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(tiff)))
	b = append(b, chunk...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(chunk))
	return append(b, data[ihdr:]...)
}

func webp(t testing.TB) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPhotosAreShownUprightWithoutTheirExif(t *testing.T) {
	want := map[uint16]string{1: "RGBW", 2: "GRWB", 3: "WBGR", 4: "BWRG", 5: "RBGW", 6: "BRWG", 7: "WGBR", 8: "GWRB", 9: "RGBW"}
	each(t, func(t *testing.T, x *box) {
		for turn, corners := range want {
			files := map[string][]byte{
				"jpeg little endian": jpegWith(asJPEG(t, quadrants(64, 32)), exif(turn, binary.LittleEndian, "II")),
				"jpeg big endian":    jpegWith(asJPEG(t, quadrants(64, 32)), exif(turn, binary.BigEndian, "MM")),
				"png":                pngWith(asPNG(t, quadrants(64, 32)), exif(turn, binary.BigEndian, "MM")),
			}
			for name, data := range files {
				if !bytes.Contains(data, []byte(secret)) {
					t.Fatal("the test's file has no place")
				}
				p := x.upload(actor.Actor{Tenant: "t1", Kind: actor.Customer, ID: fmt.Sprint(name, turn)}, data)
				view, err := x.blobs.Bytes(t.Context(), p.View)
				if err != nil {
					t.Fatal(err)
				}
				m, err := jpeg.Decode(bytes.NewReader(view))
				if err != nil {
					t.Fatal(err)
				}
				if got := letters(m); got != corners {
					t.Errorf("%s, orientation %d: corners %s, want %s", name, turn, got, corners)
				}
				if b := m.Bounds(); p.Width != b.Dx() || p.Height != b.Dy() || (turn >= 5 && turn <= 8) != (p.Height > p.Width) {
					t.Errorf("%s, orientation %d: %d×%d shown as %v", name, turn, p.Width, p.Height, b)
				}
				if bytes.Contains(view, []byte("Exif")) || bytes.Contains(view, []byte(secret)) {
					t.Errorf("%s, orientation %d: the place is in what is shown", name, turn)
				}
				original, err := x.blobs.Bytes(t.Context(), p.SHA256)
				if err != nil || !bytes.Equal(original, data) {
					t.Errorf("%s: the original is not what was sent: %v", name, err)
				}
			}
		}
	})
}

func TestLargePhotosAreShownSmallerAndTransparentOnesOnWhite(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		p := x.upload(ann, asJPEG(t, quadrants(3200, 1000)))
		view, err := x.blobs.Bytes(t.Context(), p.View)
		if err != nil {
			t.Fatal(err)
		}
		m, err := jpeg.Decode(bytes.NewReader(view))
		if err != nil || m.Bounds().Dx() != 1600 || m.Bounds().Dy() != 500 || letters(m) != "RGBW" {
			t.Errorf("3200×1000 is shown as %v with %s, %v", m.Bounds(), letters(m), err)
		}
		clear := x.upload(ann, asPNG(t, image.NewNRGBA(image.Rect(0, 0, 8, 8))))
		if view, err = x.blobs.Bytes(t.Context(), clear.View); err != nil {
			t.Fatal(err)
		}
		if m, err = jpeg.Decode(bytes.NewReader(view)); err != nil || letters(m) != "WWWW" {
			t.Errorf("a transparent picture is shown as %s, %v", letters(m), err)
		}
		if p := x.upload(ann, webp(t)); p.Media != "image/webp" || p.Width != 1 || p.Height != 1 {
			t.Errorf("WebP: %+v", p)
		}
	})
}

func TestFilesThatAreNoHonestPicturesAreRefused(t *testing.T) {
	small := asJPEG(t, quadrants(64, 32))
	sof := bytes.Index(small, []byte{0xff, 0xc0})
	huge := bytes.Clone(small)
	copy(huge[sof+5:], []byte{0xff, 0xdc, 0xff, 0xdc})
	pngHuge := asPNG(t, quadrants(4, 4))
	binary.BigEndian.PutUint32(pngHuge[16:], 50_000)
	binary.BigEndian.PutUint32(pngHuge[20:], 50_000)
	binary.BigEndian.PutUint32(pngHuge[29:], crc32.ChecksumIEEE(pngHuge[12:29]))
	frame := webp(t)[12:]
	binary.LittleEndian.PutUint16(frame[8+6:], 16383)
	binary.LittleEndian.PutUint16(frame[8+8:], 16383)
	canvas := append([]byte("VP8X\x0a\x00\x00\x00"), 0, 0, 0, 0, 9, 0, 0, 9, 0, 0)
	webpHuge := append([]byte("RIFF\xff\x00\x00\x00WEBP"), append(canvas, frame...)...)
	webpHuge[4] = byte(len(webpHuge) - 8)
	manyScans := append(bytes.Clone(small[:len(small)-2]), bytes.Repeat([]byte{0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0}, 200)...)

	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, evidence.ErrType},
		{"text", []byte("hello"), evidence.ErrType},
		{"a web page", []byte("<html><script>alert(1)</script></html>"), evidence.ErrType},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), evidence.ErrType},
		{"GIF", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00"), evidence.ErrType},
		{"the start of a JPEG", small[:3], evidence.ErrBroken},
		{"half a JPEG", small[:len(small)/2], evidence.ErrBroken},
		{"half a PNG", asPNG(t, noise(64, 64))[:2000], evidence.ErrBroken},
		{"half a WebP", webp(t)[:40], evidence.ErrBroken},
		{"a JPEG of 65,500 × 65,500", huge, evidence.ErrPixels},
		{"a PNG of 50,000 × 50,000", pngHuge, evidence.ErrPixels},
		{"a WebP with a frame larger than its canvas", webpHuge, evidence.ErrPixels},
		{"a JPEG of 200 scans", manyScans, evidence.ErrBroken},
	}
	each(t, func(t *testing.T, x *box) {
		for _, test := range tests {
			if _, err := x.s.Upload(t.Context(), ann, bytes.NewReader(test.data)); !errors.Is(err, test.want) {
				t.Errorf("%s: %v, want %v", test.name, err, test.want)
			}
		}
	})
}

func noise(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(rand.Uint32())
	}
	return m
}

func TestAPhotoIsSeenByItsOwnerAndThenByThoseWhoSeeTheCase(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		p := x.upload(ann, asJPEG(t, quadrants(8, 8)))
		check := func(when string, by actor.Actor, want error) {
			t.Helper()
			if err := x.see(by, p.ID); !errors.Is(err, want) {
				t.Errorf("%s, %s of %s: %v, want %v", when, by.ID, by.Tenant, err, want)
			}
		}
		check("loose", ann, nil)
		check("loose", bob, evidence.ErrUnknown)
		check("loose", agent, evidence.ErrUnknown)
		if err := x.attach(bob, "case_1", p.ID); !errors.Is(err, evidence.ErrUnknown) {
			t.Errorf("attached by another: %v, want ErrUnknown", err)
		}
		for range 2 {
			if err := x.attach(ann, "case_1", p.ID, p.ID); err != nil {
				t.Fatal(err)
			}
		}
		if err := x.attach(ann, "case_2", p.ID); !errors.Is(err, evidence.ErrAttached) {
			t.Errorf("attached to a second case: %v, want ErrAttached", err)
		}
		check("attached", ann, nil)
		check("attached", agent, nil)
		check("attached", bob, evidence.ErrUnknown)
		check("attached", far, evidence.ErrUnknown)
		check("attached", actor.Actor{Tenant: "t1", Kind: actor.System}, evidence.ErrUnknown)
		err := x.d.Read(t.Context(), func(tx *db.Tx) error {
			caseID, err := evidence.CaseOf(t.Context(), tx, "t1", p.ID)
			if err != nil || caseID != "case_1" {
				t.Errorf("CaseOf = %q, %v", caseID, err)
			}
			history, err := event.History(t.Context(), tx, "t1", "photo", "case_1")
			if err != nil || len(history) == 0 || history[0].Type != "photo.attached" || !strings.Contains(string(history[0].Data), p.SHA256) {
				t.Errorf("history %+v, %v; want photo.attached with the digest", history, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestAllPhotosAreAttachedOrNone(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		mine, his := x.upload(ann, asJPEG(t, quadrants(8, 8))), x.upload(bob, asJPEG(t, quadrants(8, 8)))
		if err := x.attach(ann, "case_1", mine.ID, his.ID); !errors.Is(err, evidence.ErrUnknown) {
			t.Errorf("one's own and another's: %v, want ErrUnknown", err)
		}
		if err := x.see(agent, mine.ID); !errors.Is(err, evidence.ErrUnknown) {
			t.Errorf("after a refused attachment: %v, want ErrUnknown", err)
		}
		for _, bad := range []string{"", "pho_0", "\x00", "\xff", strings.Repeat("x", 1000)} {
			if err := x.attach(ann, "case_1", bad); !errors.Is(err, evidence.ErrUnknown) {
				t.Errorf("the id %q: %v, want ErrUnknown", bad, err)
			}
		}
		if err := x.attach(ann, "case_1"); err != nil {
			t.Errorf("no photos: %v", err)
		}
	})
}

func TestTheSameFileAgainIsTheSamePhoto(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		data := asJPEG(t, quadrants(8, 8))
		first := x.upload(ann, data)
		if again := x.upload(ann, data); again.ID != first.ID {
			t.Errorf("sent again: %s, want %s", again.ID, first.ID)
		}
		if other := x.upload(bob, data); other.ID == first.ID {
			t.Error("two people share a photo")
		}
		if err := x.attach(ann, "case_1", first.ID); err != nil {
			t.Fatal(err)
		}
		if later := x.upload(ann, data); later.ID == first.ID {
			t.Error("a photo for a second case is that of the first")
		}
	})
}

func TestNobodyFillsTheDiskWithLoosePhotos(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		for i := range 60 {
			x.upload(ann, asPNG(t, image.NewGray(image.Rect(0, 0, 1+i, 1))))
		}
		_, err := x.s.Upload(t.Context(), ann, bytes.NewReader(asPNG(t, image.NewGray(image.Rect(0, 0, 1, 2)))))
		if !errors.Is(err, evidence.ErrMany) {
			t.Errorf("the 61st: %v, want ErrMany", err)
		}
		x.upload(bob, asPNG(t, image.NewGray(image.Rect(0, 0, 1, 2))))
	})
}

func TestPhotosNeverAttachedAreRemovedAfterADay(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		loose, kept := x.upload(ann, asJPEG(t, quadrants(8, 8))), x.upload(ann, asJPEG(t, quadrants(16, 8)))
		shared := x.upload(bob, asJPEG(t, quadrants(16, 8)))
		if err := x.attach(ann, "case_1", kept.ID); err != nil {
			t.Fatal(err)
		}
		x.clock.Add(23 * time.Hour)
		if n, err := x.s.Sweep(t.Context()); err != nil || n != 0 {
			t.Errorf("after 23 hours: %d removed, %v", n, err)
		}
		x.age()
		x.clock.Add(2 * time.Hour)
		if n, err := x.s.Sweep(t.Context()); err != nil || n != 2 {
			t.Errorf("after 25 hours: %d removed, %v; want 2", n, err)
		}
		for _, p := range []evidence.Photo{loose, shared} {
			if err := x.see(actor.Actor{Tenant: "t1", Kind: actor.Customer, ID: p.OwnerID}, p.ID); !errors.Is(err, evidence.ErrUnknown) {
				t.Errorf("a removed photo: %v, want ErrUnknown", err)
			}
		}
		if err := x.see(agent, kept.ID); err != nil {
			t.Errorf("an attached photo: %v", err)
		}
		for _, key := range []string{kept.SHA256, kept.View} { // bob's photo had the same files
			if _, err := x.blobs.Bytes(t.Context(), key); err != nil {
				t.Errorf("a file of an attached photo: %v", err)
			}
		}
		for _, key := range []string{loose.SHA256, loose.View} {
			if _, err := x.blobs.Bytes(t.Context(), key); !errors.Is(err, blob.ErrMissing) {
				t.Errorf("a file of a removed photo: %v, want ErrMissing", err)
			}
		}
		if n, err := x.s.Sweep(t.Context()); err != nil || n != 0 {
			t.Errorf("again: %d removed, %v", n, err)
		}
	})
}

func BenchmarkUpload(b *testing.B) {
	store, err := db.Open(b.Context(), "sqlite:"+b.TempDir()+"/x.db", db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	if _, err := store.Migrate(b.Context(), schemas); err != nil {
		b.Fatal(err)
	}
	blobs, err := blob.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	s := evidence.New(store, blobs)
	data := asJPEG(b, quadrants(4000, 3000))
	for b.Loop() {
		if _, err := s.Upload(b.Context(), ann, bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}
