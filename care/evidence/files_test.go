package evidence_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/evidence"
)

// atom is a box of an ISO base media file.
func atom(name string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), append([]byte(name), body...)...)
}

func be32(all ...uint32) (p []byte) {
	for _, n := range all {
		p = binary.BigEndian.AppendUint32(p, n)
	}
	return p
}

func trak(handler string, width, height uint32, tables ...[]byte) []byte {
	tkhd := append(be32(7, 111, 222, 1, 0, 5000, 0, 0), make([]byte, 44)...)
	tkhd = append(tkhd, be32(width<<16, height<<16)...)
	hdlr := append(be32(0, 0), append([]byte(handler), make([]byte, 13)...)...)
	return atom("trak", atom("tkhd", tkhd), atom("mdia", atom("mdhd", be32(0, 333, 444, 1000, 5000, 0)), atom("hdlr", hdlr), atom("minf", atom("stbl", tables...))),
		atom("udta", []byte("name of a track")))
}

// movie is an MP4 file of some seconds that says where it was recorded, in the
// film's data, in a track of its own and behind its end.
func movie(brand string, seconds uint32) []byte {
	ftyp := atom("ftyp", []byte(brand), be32(512), []byte("isom"))
	mdat := atom("mdat", []byte("PICTURES"), []byte("GPS SAMPLES"), []byte("SOUND"))
	at := uint32(len(ftyp) + 8 + len("PICTURES"))
	sensor := trak("mett", 0, 0, atom("stsz", be32(0, 0, 2, 4, 7)), atom("stsc", be32(0, 1, 1, 2, 1)), atom("stco", be32(0, 1, at)))
	place := atom("udta", atom("\xa9xyz", []byte("+31.2304+121.4737/")))
	moov := atom("moov", atom("mvhd", append(be32(0, 12345, 67890, 1000, seconds*1000), make([]byte, 80)...)), trak("vide", 640, 360), trak("soun", 0, 0), sensor, place)
	return bytes.Join([][]byte{ftyp, mdat, moov, atom("uuid", []byte("0123456789abcdefXMP: Shanghai"))}, nil)
}

func vint(n int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)|1<<56) }

func ebml(id string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return bytes.Join([][]byte{[]byte(id), vint(len(body)), body}, nil)
}

// webm is a WebM file as a browser records it: clusters without a size.
func webm(seconds float64) []byte {
	head := ebml("\x1a\x45\xdf\xa3", ebml("\x42\x82", []byte("webm")))
	info := ebml("\x15\x49\xa9\x66", ebml("\x2a\xd7\xb1", []byte{0x0f, 0x42, 0x40}), ebml("\x7b\xa9", []byte("a title from Shanghai")),
		ebml("\x44\x89", binary.BigEndian.AppendUint64(nil, math.Float64bits(seconds*1000))))
	tracks := ebml("\x16\x54\xae\x6b", ebml("\xae", ebml("\x53\x6e", []byte("Track of Ann")), ebml("\xe0", ebml("\xb0", []byte{2, 128}), ebml("\xba", []byte{1, 104}))))
	cluster := append([]byte("\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff"), ebml("\xa3", []byte("PICTURES"))...)
	tags := ebml("\x12\x54\xc3\x67", ebml("\x73\x73", []byte("LOCATION +31.2304+121.4737/ and more than a hundred bytes of what nobody but the person who recorded it has to know, such as the device")))
	body := bytes.Join([][]byte{info, tracks, cluster, cluster, tags, ebml("\x1f\x43\xb6\x75", ebml("\xa3", []byte("MORE")))}, nil)
	return append(head, append([]byte("\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff"), body...)...)
}

// heic is the frame of a HEIC picture with EXIF as an item of its own.
func heic(version byte) []byte {
	ftyp := atom("ftyp", []byte("heic"), be32(0), []byte("mif1heic"))
	infe := func(id uint16, kind string) []byte {
		p := append([]byte{2, 0, 0, 0}, binary.BigEndian.AppendUint16(nil, id)...)
		return atom("infe", append(append(p, 0, 0), append([]byte(kind), 0)...))
	}
	iinf := atom("iinf", []byte{0, 0, 0, 0, 0, 2}, infe(1, "hvc1"), infe(2, "Exif"))
	build := func(at uint32) []byte {
		place := func(id uint16, at, n uint32) []byte {
			p := binary.BigEndian.AppendUint16(nil, id)
			if version > 0 {
				p = append(p, 0, 0)
			}
			p = append(p, 0, 0, 0, 1)
			return append(p, be32(at, n)...)
		}
		iloc := atom("iloc", []byte{version, 0, 0, 0, 0x44, 0, 0, 2}, place(1, at, 8), place(2, at+8, 13))
		ispe := atom("iprp", atom("ipco", atom("ispe", be32(0, 4032, 3024))))
		return atom("meta", be32(0), iinf, iloc, ispe)
	}
	meta := build(uint32(len(ftyp) + len(build(0)) + 8))
	return bytes.Join([][]byte{ftyp, meta, atom("mdat", []byte("PICTURES"), []byte("Exif Shanghai")), atom("mpvd", []byte("a film with a place"))}, nil)
}

const document = "%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"

func TestVideosAndDocumentsAreKeptAndShownWithoutWhatTheyKnow(t *testing.T) {
	secrets := []string{"31.2304", "Shanghai", "GPS", "name of a track", "Track of Ann", "a film"}
	each(t, func(t *testing.T, x *box) {
		for _, one := range []struct {
			name                   string
			data                   []byte
			kind, media            string
			width, height, seconds int
		}{
			{"mp4", movie("isom", 12), "video", "video/mp4", 640, 360, 12},
			{"mov", movie("qt  ", 3), "video", "video/quicktime", 640, 360, 3},
			{"webm", webm(7.2), "video", "video/webm", 640, 360, 8},
			{"heic", heic(0), "photo", "image/heic", 4032, 3024, 0},
			{"heic with methods", heic(1), "photo", "image/heic", 4032, 3024, 0},
			{"pdf", []byte(document), "document", "application/pdf", 0, 0, 0},
		} {
			p := x.upload(ann, one.data)
			if p.Kind != one.kind || p.Media != one.media || p.ViewMedia != one.media || p.Width != one.width || p.Height != one.height || p.Seconds != one.seconds {
				t.Errorf("%s: %+v", one.name, p)
			}
			original, err := x.blobs.Bytes(t.Context(), p.SHA256)
			if err != nil || !bytes.Equal(original, one.data) {
				t.Errorf("%s: the original is not what was sent: %v", one.name, err)
			}
			shown, err := x.blobs.Bytes(t.Context(), p.View)
			if err != nil || len(shown) != len(one.data) {
				t.Fatalf("%s: %d bytes shown of %d, %v", one.name, len(shown), len(one.data), err)
			}
			for _, secret := range secrets {
				if bytes.Contains(shown, []byte(secret)) {
					t.Errorf("%s shows %q", one.name, secret)
				}
			}
			if one.kind != "document" && !bytes.Contains(shown, []byte("PICTURES")) {
				t.Errorf("%s shows no pictures", one.name)
			}
			if one.name == "mp4" && !bytes.Contains(shown, []byte("SOUND")) {
				t.Error("the sound is gone")
			}
			// What is shown is of the same kind again, and has nothing left to hide.
			again := x.upload(bob, shown)
			if again.Kind != p.Kind || again.Width != p.Width || again.Seconds != p.Seconds {
				t.Errorf("%s, shown and sent again: %+v", one.name, again)
			}
		}
	})
}

func TestFilesThatAreNotWhatTheySayAreRefused(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		film := movie("isom", 5)
		for _, one := range []struct {
			name string
			data []byte
			want error
		}{
			{"an empty file", nil, evidence.ErrType},
			{"a program", []byte("MZ\x90\x00 and so on"), evidence.ErrType},
			{"a page", []byte("<html><script>alert(1)</script>"), evidence.ErrType},
			{"an SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), evidence.ErrType},
			{"half a film", film[:len(film)-60], evidence.ErrBroken},
			{"a film without pictures", bytes.Replace(film, []byte("vide"), []byte("mett"), 1)[:40], evidence.ErrBroken},
			{"a film of two minutes", movie("mp42", 120), evidence.ErrLong},
			{"a recording of an hour", webm(3600), evidence.ErrLong},
			{"half a recording", webm(5)[:60], evidence.ErrBroken},
			{"half a document", []byte(document[:40]), evidence.ErrBroken},
			{"a document with a program", []byte(strings.Replace(document, "/Type /Catalog", "/OpenAction << /S /JavaScript /JS (x) >>", 1)), evidence.ErrActive},
			{"a document with a file", []byte(strings.Replace(document, "/Type /Catalog", "/Names << /EmbeddedFiles 3 0 R >>", 1)), evidence.ErrActive},
			{"a document that is too large", []byte(document + strings.Repeat(" ", 10<<20)), evidence.ErrSize},
		} {
			if _, err := x.s.Upload(t.Context(), ann, bytes.NewReader(one.data)); !errors.Is(err, one.want) {
				t.Errorf("%s: %v, want %v", one.name, err, one.want)
			}
		}
	})
}

// Whatever a file says of itself, looking at it ends, and what is shown is as
// long as what was sent.
func FuzzWhatIsNotDrawnIsReadToItsEnd(f *testing.F) {
	for _, seed := range [][]byte{movie("isom", 5), movie("qt  ", 5), webm(5), heic(0), heic(1), []byte(document)} {
		f.Add(seed)
		f.Add(seed[:len(seed)/2])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		shown, again, err := evidence.ShownOf(data)
		if err != nil {
			return
		}
		if len(shown) != len(data) {
			t.Errorf("%d bytes shown of %d", len(shown), len(data))
		}
		if again != nil && !errors.Is(again, evidence.ErrBroken) {
			t.Errorf("what is shown cannot be read again: %v", again)
		}
	})
}

func TestACustomerLeavesTheShopRoom(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		film := func(by actor.Actor) error {
			return x.attach(by, "case_1", x.upload(by, movie("isom", 5)).ID)
		}
		for n := range 6 {
			if err := film(ann); err != nil {
				t.Fatalf("film %d of the customer: %v", n+1, err)
			}
		}
		if err := film(ann); !errors.Is(err, evidence.ErrFull) {
			t.Errorf("the customer fills what is left to the shop: %v", err)
			return
		}
		for n := range 4 {
			if err := film(agent); err != nil {
				t.Fatalf("film %d of the shop: %v", n+1, err)
			}
		}
		if err := film(agent); !errors.Is(err, evidence.ErrFull) || film(ann) == nil {
			t.Errorf("a case takes more than it can: %v", err)
		}
	})
}
