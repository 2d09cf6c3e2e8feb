package brand

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/lucasb-eyer/go-colorful"
)

// Palette is the four colours that a shop's accent gives in one scheme. Each
// keeps the contrast that WCAG 2.2 asks of it (success criteria 1.4.3, 1.4.11):
// white on accent and hover, and text on soft and on the page, 4.5 to 1.
type Palette struct {
	Accent string `json:"accent" example:"#3f51d6" doc:"Ground of the main button, under white text"`
	Hover  string `json:"hover" doc:"The same under a pointer"`
	Soft   string `json:"soft" doc:"Ground of what is chosen"`
	Text   string `json:"text" doc:"Links, and text on soft"`
}

const least = 4.5

var hexShape = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// The grounds that texts of the two schemes stand on: the darkest of the light
// ones, the lightest of the dark ones.
var (
	white      = colorful.Color{R: 1, G: 1, B: 1}
	lightest   = must("#f1f3f6")
	darkGround = must("#141922")
)

func must(hex string) colorful.Color {
	c, err := colorful.Hex(hex)
	if err != nil {
		panic(err)
	}
	return c
}

// readable returns an accent in its normal form, ErrInvalid where it is no
// colour, and ErrPale with the nearest that would do where white text on it
// could not be read.
func readable(accent string) (string, error) {
	accent = strings.ToLower(strings.TrimSpace(accent))
	if !hexShape.MatchString(accent) {
		return accent, ErrInvalid.At("body.accent", "is not a colour", "six hexadecimal digits such as #0a7d55")
	}
	c := must(accent)
	if r := contrast(c, white); r < least {
		near := darker(c, white).Hex()
		return accent, ErrPale.With("contrast", math.Floor(r*100)/100).With("suggestion", near).
			At("body.accent", fmt.Sprintf("has a contrast of %.2f to white text", math.Floor(r*100)/100), fmt.Sprintf("at least 4.5, for example %s", near))
	}
	return accent, nil
}

// Palettes are the colours of both schemes.
func Palettes(accent string) (light, dark Palette) {
	c := must(accent)
	soft := blend(white, c, 0.09)
	text := darker(darker(c, soft), lightest)
	light = Palette{c.Hex(), shift(c, -0.06).Hex(), soft.Hex(), text.Hex()}

	ground := c
	for step := range 100 { // so that a nearly black accent is seen on a black page
		next := shift(c, float64(step)/100)
		if contrast(next, white) < least {
			break
		}
		if ground = next; contrast(ground, darkGround) >= 3 {
			break
		}
	}
	soft = blend(darkGround, c, 0.22)
	text = lighter(lighter(shift(c, 0.2), soft), darkGround)
	return light, Palette{ground.Hex(), shift(ground, -0.04).Hex(), soft.Hex(), text.Hex()}
}

// shift changes the perceived lightness (OKLCH, 0 to 1) and keeps the hue.
func shift(c colorful.Color, by float64) colorful.Color {
	l, chroma, hue := c.OkLch()
	return rounded(colorful.OkLch(min(1, max(0, l+by)), chroma, hue))
}

func darker(c, ground colorful.Color) colorful.Color { return until(c, ground, -0.01) }

func lighter(c, ground colorful.Color) colorful.Color { return until(c, ground, 0.01) }

// until shifts a colour as little as gives it enough contrast to another.
func until(c, ground colorful.Color, step float64) colorful.Color {
	found := c
	for n := 1; n <= 100 && contrast(found, ground) < least; n++ {
		found = shift(c, float64(n)*step)
	}
	return found
}

func blend(ground, c colorful.Color, share float64) colorful.Color {
	return rounded(ground.BlendRgb(c, share))
}

// rounded is the colour that a screen will show, so that what is computed is
// what is seen.
func rounded(c colorful.Color) colorful.Color { return must(c.Clamped().Hex()) }

// contrast is the ratio that WCAG 2.2 defines, 1 to 21.
func contrast(a, b colorful.Color) float64 {
	one, other := luminance(a), luminance(b)
	return (max(one, other) + 0.05) / (min(one, other) + 0.05)
}

func luminance(c colorful.Color) float64 {
	r, g, b := c.LinearRgb()
	return 0.2126*r + 0.7152*g + 0.0722*b
}

// Style is the palettes as the variables of the pages' style sheet, over which
// it has to win whether or not a scheme was chosen.
func Style(accent string) string {
	if accent == "" {
		return ""
	}
	light, dark := Palettes(accent)
	vars := func(p Palette) string {
		return "{--accent:" + p.Accent + ";--accent-hover:" + p.Hover + ";--accent-soft:" + p.Soft + ";--accent-text:" + p.Text + "}"
	}
	return "html:root,html:root.light" + vars(light) + "html:root.dark" + vars(dark)
}
