package brand

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	_ "image/gif" // a first frame is a picture as well
	_ "image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// Limits of pictures: what is taken in, and what is shown.
const (
	MaxBytes  = 512 << 10
	maxPixels = 4096 * 4096
	logoWide  = 480
	logoHigh  = 96
	iconSide  = 512
	iconLeast = 192
)

// drawn decodes a picture and draws it anew at the size it is shown in, so that
// nothing of the file that came is served: no script, no place, no trick.
func drawn(raw []byte, icon bool) (content []byte, p Picture, err error) {
	if len(raw) > MaxBytes {
		return nil, p, ErrPicture.At("body.content", "is too large", "up to 512 KB")
	}
	head, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, p, ErrPicture.At("body.content", "is not a picture", "PNG, JPEG, WebP or GIF; a drawing (SVG) has to be exported as PNG first")
	}
	if head.Width*head.Height > maxPixels || head.Width < 1 || head.Height < 1 {
		return nil, p, ErrPicture.At("body.content", "has too many pixels", "up to 4096 by 4096")
	}
	if icon && (head.Width != head.Height || head.Width < iconLeast) {
		return nil, p, ErrPicture.At("body.content", "is not a square, or too small", "a square of at least 192 by 192, better 512 by 512")
	}
	from, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, p, ErrPicture.At("body.content", "is broken", "a picture that other programs can open")
	}
	w, h := fit(head.Width, head.Height, logoWide, logoHigh)
	if icon {
		w, h = iconSide, iconSide
	}
	return encode(from, w, h)
}

func encode(from image.Image, w, h int) ([]byte, Picture, error) {
	to := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(to, to.Bounds(), from, from.Bounds(), draw.Src, nil)
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, to); err != nil {
		return nil, Picture{}, err
	}
	sum := sha256.Sum256(b.Bytes())
	return b.Bytes(), Picture{Digest: hex.EncodeToString(sum[:16]), Width: w, Height: h}, nil
}

// fit is the largest size of the same shape within a box; nothing is enlarged.
func fit(w, h, wide, high int) (int, int) {
	scale := min(1, float64(wide)/float64(w), float64(high)/float64(h))
	return max(1, int(float64(w)*scale+0.5)), max(1, int(float64(h)*scale+0.5))
}

// smaller is an icon at the size that a system asks for.
func smaller(icon []byte, side int) ([]byte, error) {
	from, err := png.Decode(bytes.NewReader(icon))
	if err != nil {
		return nil, err
	}
	raw, _, err := encode(from, side, side)
	return raw, err
}
