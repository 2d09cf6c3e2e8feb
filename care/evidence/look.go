package evidence

import (
	"context"
	"fmt"
	"image"
	"math/bits"
	"slices"
	"strconv"

	"github.com/corona10/goimagehash"

	"github.com/aftercare/aftercare/platform/db"
)

// Two pictures look alike when their perceptual hashes differ in at most this
// many of 64 bits: the same photo saved again, smaller, or a little brighter.
// Cut or mirrored pictures are not found.
const maxDistance = 7

const (
	noLook = "-"
	mostOf = 5   // look-alikes named of one photo
	looked = 200 // photos that get their hash in one run
)

// lookOf is a picture's perceptual hash. A picture of one colour has none: all
// such look alike and say nothing.
func lookOf(m image.Image) string {
	if flat(m) {
		return noLook
	}
	hash, err := goimagehash.PerceptionHash(m)
	if err != nil {
		return noLook
	}
	return fmt.Sprintf("%016x", hash.GetHash())
}

// flat tells whether a picture's brightness hardly varies, by 32 × 32 points.
func flat(m image.Image) bool {
	const points = 32
	b := m.Bounds()
	least, most := uint32(0xffff), uint32(0)
	for y := range points {
		for x := range points {
			red, green, blue, _ := m.At(b.Min.X+x*b.Dx()/points, b.Min.Y+y*b.Dy()/points).RGBA()
			grey := (299*red + 587*green + 114*blue) / 1000
			least, most = min(least, grey), max(most, grey)
		}
	}
	return most-least < 0x0c00
}

// parts are the four quarters of a hash, each with its place: what is indexed.
func parts(look string) (all []int64) {
	n, err := strconv.ParseUint(look, 16, 64)
	if err != nil {
		return nil
	}
	for i := range 4 {
		all = append(all, int64(i)<<16|int64(n>>(16*i)&0xffff)) //nolint:gosec // 18 bits
	}
	return all
}

// near are the parts of all hashes at most maxDistance away: seven differing
// bits leave one of four quarters with at most one of them.
func near(look string) (all []int64) {
	for _, part := range parts(look) {
		all = append(all, part)
		for bit := range 16 {
			all = append(all, part^1<<bit)
		}
	}
	return all
}

func distance(a, b string) int {
	x, err := strconv.ParseUint(a, 16, 64)
	y, wrong := strconv.ParseUint(b, 16, 64)
	if err != nil || wrong != nil {
		return 64
	}
	return bits.OnesCount64(x ^ y)
}

// Alike is a file of another case that is the same or looks the same.
type Alike struct {
	Photo    string
	Case     string
	Distance int  // bits of 64 that differ
	Same     bool // the same file, byte for byte
}

// Alikes finds the files of other cases of the shop that are the same as one,
// or, of photos, look the same: nearest first, at most five. Who asks may not
// see all these cases; the caller decides what to say of them.
func Alikes(ctx context.Context, tx *db.Tx, p Photo) ([]Alike, error) {
	found, err := sameFile(ctx, tx, p)
	if err != nil {
		return nil, fmt.Errorf("look-alikes of photo %s: %w", p.ID, err)
	}
	if near := near(p.Look); len(near) > 0 {
		more, err := sameLook(ctx, tx, p, near)
		if err != nil {
			return nil, fmt.Errorf("look-alikes of photo %s: %w", p.ID, err)
		}
		found = append(found, more...)
	}
	var all []Alike
	for _, o := range found {
		a := Alike{Photo: o.ID, Case: o.Case, Same: o.SHA256 == p.SHA256}
		if !a.Same {
			a.Distance = distance(o.Look, p.Look)
		}
		if a.Distance <= maxDistance && !slices.ContainsFunc(all, func(b Alike) bool { return b.Photo == a.Photo }) {
			all = append(all, a)
		}
	}
	slices.SortStableFunc(all, func(a, b Alike) int { return a.Distance - b.Distance })
	return all[:min(mostOf, len(all))], nil
}

// Look gives photos of cases that have none yet their perceptual hash: those
// that were uploaded before there were any. It returns how many.
func (s *Service) Look(ctx context.Context) (int, error) {
	var photos []Photo
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		photos, err = unlooked(ctx, tx, looked)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("look at photos: %w", err)
	}
	for i, p := range photos {
		view, err := s.blobs.Bytes(ctx, p.View)
		if err != nil {
			return i, fmt.Errorf("look at photo %s: %w", p.ID, err)
		}
		p.Look = noLook
		if m, err := jpegFormat.decode(view); err == nil {
			p.Look = lookOf(m)
		}
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return setLook(ctx, tx, p) }); err != nil {
			return i, fmt.Errorf("look at photo %s: %w", p.ID, err)
		}
	}
	return len(photos), nil
}
