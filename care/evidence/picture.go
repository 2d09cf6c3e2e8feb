package evidence

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// format is a kind of picture that is understood.
type format struct {
	media  string
	header func(data []byte) (image.Config, error)
	decode func(data []byte) (image.Image, error)
}

var (
	jpegFormat = format{"image/jpeg",
		func(b []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(b)) },
		func(b []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(b)) }}
	pngFormat = format{"image/png",
		func(b []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(b)) },
		func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) }}
	webpFormat = format{"image/webp",
		webpHeader,
		func(b []byte) (image.Image, error) { return webp.Decode(bytes.NewReader(b)) }}
)

// sniff tells the format by the first bytes; names and headers are not believed.
func sniff(data []byte) (format, bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return jpegFormat, true
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return pngFormat, true
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return webpFormat, true
	}
	return format{}, false
}

// checked is a file whose header promises a picture of bearable size.
type checked struct {
	format
	data          []byte
	width, height int
	turn          int // EXIF orientation, 1 to 8
}

// check looks at the header only: a small file can promise a picture that
// takes all memory, and is refused before a pixel is decoded.
func check(data []byte) (checked, error) {
	f, ok := sniff(data)
	if !ok {
		return checked{}, ErrType
	}
	c, err := f.header(data)
	if err != nil || c.Width < 1 || c.Height < 1 {
		return checked{}, ErrBroken
	}
	if int64(c.Width)*int64(c.Height) > maxPixels {
		return checked{}, ErrPixels.With("width", c.Width).With("height", c.Height).With("limit", maxPixels)
	}
	if f.media == jpegFormat.media && scans(data) > maxScans {
		return checked{}, ErrBroken
	}
	return checked{format: f, data: data, width: c.Width, height: c.Height, turn: orientation(f.media, data)}, nil
}

// upright is the size as people see it.
func (c checked) upright() (width, height int) {
	if c.turn >= 5 {
		return c.height, c.width
	}
	return c.width, c.height
}

// view decodes the picture and draws it anew: turned upright, at most maxSide
// on its longer side, on white where it was transparent. Nothing of the file
// but its pixels is left. It also tells what the picture looks like.
func (c checked) view() (shown []byte, look string, err error) {
	src, err := c.decode(c.data)
	if err != nil {
		return nil, "", ErrBroken
	}
	dst := turned(shrunk(src), c.turn)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, dst, &jpeg.Options{Quality: 85}); err != nil {
		return nil, "", err
	}
	return out.Bytes(), lookOf(dst), nil
}

// shrunk draws a picture on white with at most maxSide on its longer side. It
// first averages blocks of pixels, strip by strip, so that a large picture
// takes little more memory than itself.
func shrunk(src image.Image) *image.RGBA {
	b := src.Bounds()
	width, height := b.Dx(), b.Dy()
	longer := max(width, height)
	small := averaged(src, max(1, longer/maxSide))
	if longer <= maxSide {
		return small
	}
	dst := image.NewRGBA(image.Rect(0, 0, max(1, width*maxSide/longer), max(1, height*maxSide/longer)))
	draw.ApproxBiLinear.Scale(dst, dst.Bounds(), small, small.Bounds(), draw.Src, nil)
	return dst
}

// averaged makes one pixel of each n × n; what is left at the right and lower edge,
// less than n pixels, is cut off.
func averaged(src image.Image, n int) *image.RGBA {
	b := src.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()/n), max(1, b.Dy()/n)))
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), min(n, b.Dy())))
	white := image.NewUniform(color.White)
	columns := min(n, b.Dx())
	per := uint32(strip.Rect.Dy() * columns)
	for y := range dst.Rect.Dy() {
		draw.Draw(strip, strip.Rect, white, image.Point{}, draw.Src)
		draw.Draw(strip, strip.Rect, src, image.Pt(b.Min.X, b.Min.Y+y*n), draw.Over)
		for x := range dst.Rect.Dx() {
			var red, green, blue uint32
			for row := range strip.Rect.Dy() {
				at := strip.Pix[row*strip.Stride+4*x*n:][:4*columns]
				for i := 0; i < len(at); i += 4 {
					red, green, blue = red+uint32(at[i]), green+uint32(at[i+1]), blue+uint32(at[i+2])
				}
			}
			copy(dst.Pix[y*dst.Stride+4*x:][:4], []byte{byte(red / per), byte(green / per), byte(blue / per), 255})
		}
	}
	return dst
}

// turned applies an EXIF orientation.
func turned(src *image.RGBA, turn int) *image.RGBA {
	if turn < 2 || turn > 8 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if turn >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	dst := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			var dx, dy int
			switch turn {
			case 2: // mirrored
				dx, dy = w-1-x, y
			case 3: // upside down
				dx, dy = w-1-x, h-1-y
			case 4:
				dx, dy = x, h-1-y
			case 5:
				dx, dy = y, x
			case 6: // to be turned right
				dx, dy = h-1-y, x
			case 7:
				dx, dy = h-1-y, w-1-x
			case 8: // to be turned left
				dx, dy = y, w-1-x
			}
			copy(dst.Pix[dst.PixOffset(dx, dy):][:4], src.Pix[src.PixOffset(x, y):][:4])
		}
	}
	return dst
}

// maxScans bounds the work that a progressive JPEG can ask for: each scan may
// visit every pixel and take a few bytes. Cameras write about ten.
const maxScans = 100

func scans(data []byte) (n int) {
	for i := 0; i+1 < len(data); i++ {
		if data[i] == 0xff && data[i+1] == 0xda {
			n++
		}
	}
	return n
}

// webpHeader gives the largest size that any part of the file names. The frame
// inside an extended file can be larger than the canvas it declares, and it is
// the frame that is decoded. Animations are refused.
func webpHeader(data []byte) (image.Config, error) {
	var c image.Config
	frames := 0
	grow := func(w, h uint32) { c.Width, c.Height = max(c.Width, int(w)), max(c.Height, int(h)) }
	err := riff(data, func(name string, body []byte) error {
		switch {
		case name == "VP8 " && len(body) >= 10:
			frames++
			grow(uint32(binary.LittleEndian.Uint16(body[6:])&0x3fff), uint32(binary.LittleEndian.Uint16(body[8:])&0x3fff))
		case name == "VP8L" && len(body) >= 5:
			frames++
			bits := binary.LittleEndian.Uint32(body[1:])
			grow(bits&0x3fff+1, bits>>14&0x3fff+1)
		case name == "VP8X" && len(body) >= 10:
			grow(binary.LittleEndian.Uint32(body[4:])&0xffffff+1, binary.LittleEndian.Uint32(body[6:])>>8+1)
		case name == "ANMF":
			return ErrBroken
		}
		return nil
	})
	if err == nil && frames != 1 {
		err = ErrBroken
	}
	return c, err
}
