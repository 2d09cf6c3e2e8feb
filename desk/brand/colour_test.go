package brand

import (
	"errors"
	"testing"

	"github.com/lucasb-eyer/go-colorful"
)

func colour(t *testing.T, s string) colorful.Color {
	t.Helper()
	c, err := colorful.Hex(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The pairs are those of the tables of WCAG: black on white is 21, #767676 on
// white the palest grey that passes.
func TestContrastIsThatOfWCAG(t *testing.T) {
	for pair, want := range map[[2]string]float64{{"#000000", "#ffffff"}: 21, {"#767676", "#ffffff"}: 4.54, {"#ff0000", "#ffffff"}: 4.00, {"#3f51d6", "#ffffff"}: 6.25} {
		if got := contrast(colour(t, pair[0]), colour(t, pair[1])); got < want-0.01 || got > want+0.01 {
			t.Errorf("%v: %.3f, want %.2f", pair, got, want)
		}
	}
}

func TestEveryAccentThatIsTakenCanBeRead(t *testing.T) {
	taken := 0
	for r := 0; r < 256; r += 15 {
		for g := 0; g < 256; g += 15 {
			for b := 0; b < 256; b += 15 {
				asked := colorful.Color{R: float64(r) / 255, G: float64(g) / 255, B: float64(b) / 255}.Hex()
				accent, err := readable(asked)
				if errors.Is(err, ErrPale) {
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				taken++
				light, dark := Palettes(accent)
				for name, pair := range map[string][2]string{
					"white on accent": {"#ffffff", light.Accent}, "white on hover": {"#ffffff", light.Hover}, "text on soft": {light.Text, light.Soft},
					"text on the page": {light.Text, "#ffffff"}, "text on what is sunken": {light.Text, "#f1f3f6"},
					"dark: white on accent": {"#ffffff", dark.Accent}, "dark: white on hover": {"#ffffff", dark.Hover},
					"dark: text on soft": {dark.Text, dark.Soft}, "dark: text on the page": {dark.Text, "#141922"},
				} {
					if c := contrast(colour(t, pair[0]), colour(t, pair[1])); c < least {
						t.Fatalf("%s: %s: %s on %s is %.2f", asked, name, pair[0], pair[1], c)
					}
				}
			}
		}
	}
	if taken < 1000 {
		t.Errorf("only %d accents were taken", taken)
	}
}

func TestASuggestionIsTaken(t *testing.T) {
	for _, pale := range []string{"#ffffff", "#ffd54f", "#7fd1ae", "#ff9900"} {
		_, err := readable(pale)
		if !errors.Is(err, ErrPale) {
			t.Fatalf("%s: %v", pale, err)
		}
		if _, err := readable(darker(colour(t, pale), white).Hex()); err != nil {
			t.Errorf("%s: %v", pale, err)
		}
	}
}
