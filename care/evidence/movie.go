package evidence

import (
	"io"
	"math"
	"slices"
)

// What a movie needs in order to be played. Everything else is blanked: places,
// devices, titles, thumbnails, and what makers of phones append.
var (
	movieParts = []string{"ftyp", "moov", "mdat", "moof", "mfra", "sidx", "styp", "ssix"}
	moovParts  = []string{"mvhd", "trak", "mvex", "iods"}
	trakParts  = []string{"tkhd", "mdia", "edts", "tref", "tapt"}
)

const (
	tableMost = 4 << 20 // bytes of one table of samples
	chunkMost = 200_000 // samples of a track that is hidden
)

// lookMovie reads size and length of an MP4 or QuickTime file and finds what
// others must not see of it: all that is beside picture and sound, among it
// tracks with what sensors noted, and when it was recorded.
func lookMovie(r io.ReaderAt, size int64) (inside, error) {
	w := &walker{r: r}
	found, moov := inside{}, false
	err := w.each(0, size, func(b box) error {
		if !slices.Contains(movieParts, b.name) {
			w.blank(b)
			return nil
		}
		if b.name != "moov" {
			return nil
		}
		moov = true
		return w.each(b.body, b.end, func(b box) error {
			switch {
			case !slices.Contains(moovParts, b.name):
				w.blank(b)
			case b.name == "mvhd":
				return w.movieHeader(b, &found)
			case b.name == "trak":
				return w.track(b, size, &found)
			}
			return nil
		})
	})
	if err == nil && (!moov || found.width < 1 || found.height < 1) {
		err = ErrBroken
	}
	found.hide = w.hide
	return found, err
}

// movieHeader takes the length, and hides when it was recorded.
func (w *walker) movieHeader(b box, found *inside) error {
	p, err := w.content(b, 1<<10)
	if err != nil {
		return err
	}
	scale, length := u32(p, 12), u32(p, 16)
	if w.times(b, p); len(p) > 0 && p[0] == 1 {
		scale, length = u32(p, 20), u64(p, 24)
	}
	if scale > 0 && length < math.MaxUint32 {
		found.seconds = int(min((length+scale-1)/scale, math.MaxInt32))
	}
	return nil
}

// times hides creation and modification of a header.
func (w *walker) times(b box, p []byte) {
	n := int64(8)
	if len(p) > 0 && p[0] == 1 {
		n = 16
	}
	w.zero(b.body+4, min(n, b.end-b.body-4))
}

// track is one trak box. One that is neither picture nor sound disappears with
// its samples.
func (w *walker) track(trak box, size int64, found *inside) error {
	handler := ""
	var tables []box
	before := len(w.hide)
	err := w.each(trak.body, trak.end, func(b box) error {
		switch {
		case !slices.Contains(trakParts, b.name):
			w.blank(b)
		case b.name == "tkhd":
			p, err := w.content(b, 1<<10)
			if err != nil {
				return err
			}
			w.times(b, p)
			if len(p) >= 8 {
				width, height := int(u32(p, len(p)-8)>>16), int(u32(p, len(p)-4)>>16)
				if width > found.width {
					found.width, found.height = width, height
				}
			}
		case b.name == "mdia":
			return w.media(b, &handler, &tables)
		}
		return nil
	})
	if err != nil || handler == "vide" || handler == "soun" {
		return err
	}
	w.hide = w.hide[:before]
	w.blank(trak)
	return w.samples(tables, size)
}

func (w *walker) media(mdia box, handler *string, tables *[]box) error {
	return w.each(mdia.body, mdia.end, func(b box) error {
		switch b.name {
		case "mdhd":
			p, err := w.content(b, 1<<10)
			if err != nil {
				return err
			}
			w.times(b, p)
		case "hdlr":
			p, err := w.content(b, 1<<16)
			if err != nil {
				return err
			}
			if len(p) >= 12 {
				*handler = string(p[8:12])
			}
		case "minf":
			return w.each(b.body, b.end, func(b box) error {
				if b.name != "stbl" {
					return nil
				}
				return w.each(b.body, b.end, func(b box) error {
					if slices.Contains([]string{"stsz", "stsc", "stco", "co64"}, b.name) {
						*tables = append(*tables, b)
					}
					return nil
				})
			})
		}
		return nil
	})
}

// samples hides what a track has in the file, by its tables: how large the
// samples are, how many are in a chunk, and where the chunks are.
func (w *walker) samples(tables []box, size int64) error {
	data := map[string][]byte{}
	for _, b := range tables {
		p, err := w.content(b, tableMost)
		if err != nil {
			return err
		}
		data[b.name] = p
	}
	sizes, runs := data["stsz"], data["stsc"]
	where, width := data["stco"], 4
	if where == nil {
		where, width = data["co64"], 8
	}
	sample, run, per := 0, 0, int64(0)
	for chunk := range min(u32(where, 4), int64(len(where)/width), chunkMost) {
		at := u32(where, 8+int(chunk)*width)
		if width == 8 {
			at = u64(where, 8+int(chunk)*width)
		}
		for run < len(runs)/12 && run < int(u32(runs, 4)) && u32(runs, 8+run*12) <= chunk+1 {
			per = u32(runs, 12+run*12)
			run++
		}
		n := int64(0)
		for range per {
			if sample++; sample > chunkMost {
				return ErrBroken
			}
			if each := u32(sizes, 4); each > 0 {
				n += each
			} else {
				n += u32(sizes, 12+(sample-1)*4)
			}
		}
		if at > 0 && at < size {
			w.zero(at, min(n, size-at))
		}
	}
	return nil
}
