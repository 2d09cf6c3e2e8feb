package evidence_test

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/draw"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/db"
)

// scene is a picture of things on a table, another for each seed.
func scene(seed uint64, w, h int) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 1))
	m := image.NewRGBA(image.Rect(0, 0, 640, 480))
	draw.Draw(m, m.Rect, image.NewUniform(color.Gray{uint8(90 + r.IntN(120))}), image.Point{}, draw.Src)
	for range 12 {
		x, y := r.IntN(560), r.IntN(400)
		c := color.RGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), 255}
		draw.Draw(m, image.Rect(x, y, x+60+r.IntN(200), y+40+r.IntN(200)), image.NewUniform(c), image.Point{}, draw.Src)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(out, out.Rect, m, m.Rect, draw.Src, nil)
	return out
}

func brighter(m *image.RGBA, by uint8) *image.RGBA {
	for i := range m.Pix {
		if i%4 != 3 {
			m.Pix[i] = uint8(min(255, int(m.Pix[i])+int(by)))
		}
	}
	return m
}

func (x *box) alikes(p evidence.Photo, caseID string) (all []evidence.Alike) {
	x.Helper()
	p.Case = caseID
	err := x.d.Read(x.Context(), func(tx *db.Tx) (err error) {
		all, err = evidence.Alikes(x.Context(), tx, p)
		return err
	})
	if err != nil {
		x.Fatal(err)
	}
	return all
}

func TestAPictureUsedAgainIsFoundInOtherCasesOfTheShop(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		use := func(by actor.Actor, data []byte, caseID string) evidence.Photo {
			p := x.upload(by, data)
			if err := x.attach(by, caseID, p.ID); err != nil {
				t.Fatal(err)
			}
			return p
		}
		first := use(ann, asJPEG(t, scene(1, 640, 480)), "case_1")
		for seed := range uint64(20) {
			use(ann, asJPEG(t, scene(100+seed, 320, 240)), "case_many")
		}
		use(actor.Actor{Tenant: "t2", Kind: actor.Customer, ID: "cus_ann"}, asJPEG(t, scene(1, 640, 480)), "case_of_another_shop")
		film := use(ann, movie("isom", 5), "case_1")
		flat := image.NewRGBA(image.Rect(0, 0, 100, 100))
		white := use(ann, asPNG(t, flat), "case_1")

		for name, data := range map[string][]byte{
			"smaller":         asJPEG(t, scene(1, 400, 300)),
			"brighter":        asJPEG(t, brighter(scene(1, 640, 480), 12)),
			"saved as PNG":    asPNG(t, scene(1, 640, 480)),
			"with other EXIF": jpegWith(asJPEG(t, scene(1, 640, 480)), []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00")),
		} {
			p := x.upload(bob, data)
			found := x.alikes(p, "case_2")
			if len(found) != 1 || found[0].Photo != first.ID || found[0].Case != "case_1" || found[0].Same || found[0].Distance > 7 {
				t.Errorf("%s: %+v", name, found)
			}
		}
		if found := x.alikes(first, "case_1"); len(found) != 0 {
			t.Errorf("in its own case only, and yet: %+v", found)
		}
		if again := x.alikes(x.upload(bob, movie("isom", 5)), "case_2"); len(again) != 1 || !again[0].Same || again[0].Photo != film.ID {
			t.Errorf("the same film: %+v", again)
		}
		if other := x.alikes(x.upload(bob, asJPEG(t, scene(2, 640, 480))), "case_2"); len(other) != 0 {
			t.Errorf("another scene: %+v", other)
		}
		if white.Look != "-" {
			t.Errorf("a black picture looks like %s", white.Look)
		}
		flat.SetRGBA(3, 3, color.RGBA{1, 1, 1, 255})
		if other := x.alikes(x.upload(bob, asPNG(t, flat)), "case_2"); len(other) != 0 {
			t.Errorf("another black picture: %+v", other)
		}
	})
}
