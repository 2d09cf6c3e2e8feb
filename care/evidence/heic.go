package evidence

import (
	"io"
	"slices"
)

var heicParts = []string{"ftyp", "meta", "mdat"}

// item is a thing inside a HEIC file that is no picture.
type item struct{ id int64 }

// lookHEIC reads the size of a HEIC picture and finds what others must not see:
// EXIF, XMP and everything that makers of phones append.
func lookHEIC(r io.ReaderAt, size int64) (inside, error) {
	w := &walker{r: r}
	found, meta := inside{}, false
	err := w.each(0, size, func(b box) error {
		if !slices.Contains(heicParts, b.name) {
			w.blank(b)
			return nil
		}
		if b.name != "meta" {
			return nil
		}
		meta = true
		return w.heicMeta(b, size, &found)
	})
	if err == nil && !meta {
		err = ErrBroken
	}
	if err == nil && int64(found.width)*int64(found.height) > maxPixels {
		err = ErrPixels.With("width", found.width).With("height", found.height).With("limit", maxPixels)
	}
	found.hide = w.hide
	return found, err
}

func (w *walker) heicMeta(meta box, size int64, found *inside) error {
	var hidden []item
	var places []byte
	data := box{}
	err := w.each(meta.body+4, meta.end, func(b box) (err error) { // a full box: version and flags first
		switch b.name {
		case "iinf":
			hidden, err = w.items(b)
		case "iloc":
			places, err = w.content(b, 1<<20)
		case "idat":
			data = b
		case "iprp":
			return w.each(b.body, b.end, func(b box) error {
				if b.name != "ipco" {
					return nil
				}
				return w.each(b.body, b.end, func(b box) error {
					if b.name != "ispe" {
						return nil
					}
					p, err := w.content(b, 64)
					if width, height := u32(p, 4), u32(p, 8); err == nil && width > int64(found.width) && max(width, height) < 1<<16 {
						found.width, found.height = int(width), int(height)
					}
					return err
				})
			})
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, one := range hidden {
		if err := w.hideItem(one, places, data, size); err != nil {
			return err
		}
	}
	return nil
}

// items are those of the list that are metadata.
func (w *walker) items(list box) (hidden []item, err error) {
	head, err := w.bytes(list.body, 4)
	if err != nil {
		return nil, err
	}
	from := list.body + 6
	if head[0] > 0 {
		from = list.body + 8
	}
	err = w.each(from, list.end, func(b box) error {
		p, err := w.content(b, 1<<12)
		if err != nil || b.name != "infe" || len(p) < 12 {
			return err
		}
		id, kind := u16(p, 4), string(p[8:12])
		if p[0] >= 3 {
			if len(p) < 14 {
				return ErrBroken
			}
			id, kind = u32(p, 4), string(p[10:14])
		}
		if slices.Contains([]string{"Exif", "mime", "uri "}, kind) {
			hidden = append(hidden, item{id})
		}
		return nil
	})
	return hidden, err
}

// hideItem finds an item's pieces in the table of places and zeroes them.
func (w *walker) hideItem(one item, p []byte, data box, size int64) error {
	if len(p) < 8 {
		return ErrBroken
	}
	version, at := p[0], 6
	number := func(width int) (n int64) {
		for range width {
			if at >= len(p) {
				return 0
			}
			n = n<<8&(1<<62-1) | int64(p[at])
			at++
		}
		return n
	}
	offsetWidth, lengthWidth, baseWidth, indexWidth := int(p[4]>>4), int(p[4]&15), int(p[5]>>4), int(p[5]&15)
	idWidth := 2
	if version == 2 {
		idWidth = 4
	}
	if version == 0 {
		indexWidth = 0
	}
	for range number(idWidth) {
		if at >= len(p) {
			return ErrBroken
		}
		id, method := number(idWidth), int64(0)
		if version > 0 {
			method = number(2) & 15
		}
		number(2) // whose data it is: this file's
		base := number(baseWidth)
		pieces := number(2)
		if offsetWidth+lengthWidth+indexWidth == 0 {
			pieces = min(pieces, 1) // the whole, from its base on
		}
		for range pieces {
			if at > len(p) {
				return ErrBroken
			}
			number(indexWidth)
			from, n := base+number(offsetWidth), number(lengthWidth)
			if method == 1 {
				from += data.body
			}
			if id == one.id && from > 0 && from < size {
				w.zero(from, min(n, size-from))
			}
		}
	}
	return nil
}
