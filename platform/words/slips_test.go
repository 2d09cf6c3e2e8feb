package words_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aftercare/aftercare/platform/words"
)

func TestANumberIsFoundInSpiteOfOneSlip(t *testing.T) {
	for _, typed := range []string{"SO-2026-1042", "SO-2026-1204", "SO-2026-11024", "SO-2026-124", "S0-2026-1024", "so-2062-1024", "SO2026-1024", "SO-2026-1O24"} {
		want := "SO-2026-1024"
		if typed == "SO2026-1024" { // a sign that is missing is not tried: exports differ in signs too much
			if slices.Contains(words.Slips(typed), want) {
				t.Errorf("%s finds %s", typed, want)
			}
			continue
		}
		if !slices.Contains(words.Slips(typed), want) {
			t.Errorf("%s does not find %s among %d", typed, want, len(words.Slips(typed)))
		}
	}
	for _, typed := range []string{"1024", "headphones", "耳机", "", "Mini 12345", "1024 1042"} {
		if all := words.Slips(typed); len(all) > 0 {
			t.Errorf("%q is no number but finds %v", typed, all[:1])
		}
	}
	if all := words.Slips("SO-2026-10000000-ABCDEFGH"); len(all) > 600 || slices.Contains(all, "SO-2026-10000000-ABCDEFGH") {
		t.Errorf("%d slips of a long number", len(all))
	}
}

func TestATextHoldsWordsInSpiteOfSlips(t *testing.T) {
	for _, test := range []struct {
		wanted, text string
		want         bool
	}{
		{"headphnes", "SoundJoy Headphones X2", true}, {"hedaphones", "headphones", true}, {"headp", "headphones", true},
		{"soundjoi headphons", "SoundJoy Headphones X2", true}, {"soundjoy kettle", "SoundJoy Headphones X2", false},
		{"降燥耳机", "声悦 X2 降噪耳机", true}, {"降耳", "声悦 X2 降噪耳机", false}, {"林晓文", "林晓雯", true}, {"林晓", "林晓雯", true},
		{"王大明", "林晓雯", false}, {"cat", "car", false}, {"", "anything", true}, {"x3", "声悦 X2", false},
	} {
		if got := words.Within(test.wanted, test.text); got != test.want {
			t.Errorf("%q within %q: %v", test.wanted, test.text, got)
		}
	}
}

// slipped is a word with as many slips as are forgiven.
func slipped(r *rand.Rand, word []rune) []rune {
	for range map[bool]int{true: 2, false: 1}[len(word) >= 8] {
		i := r.IntN(len(word) - 1)
		switch r.IntN(4) {
		case 0:
			word[i], word[i+1] = word[i+1], word[i]
		case 1:
			word = slices.Delete(word, i, i+1)
		case 2:
			word = slices.Insert(word, i, 'q')
		default:
			word[i] = '7'
		}
	}
	return word
}

func TestEveryForgivenSlipIsForgiven(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	signs := []rune("aAbBcdeéßİｋＫ０1２34")
	for range 20_000 {
		word := make([]rune, 5+r.IntN(8))
		for i := range word {
			word[i] = signs[r.IntN(len(signs))]
		}
		text := "声悦 X2 " + string(word) + " Headphones"
		folded := []rune(words.Fold(string(word)))
		wanted := slipped(r, slices.Clone(folded))
		if !words.Near(string(wanted), string(folded)) { // a letter fewer may be a slip fewer
			continue
		}
		if !words.Within("headphones "+string(wanted), text) {
			t.Fatalf("%q is not within %q", string(wanted), text)
		}
	}
}

func TestPiecesApartShareNothing(t *testing.T) {
	for text, want := range map[string][]string{
		"headphnes": {"hea", "dph", "nes"}, "降燥耳机": {"降燥", "耳机"}, "林晓文": {"林晓", "晓文"}, "X2 降噪": {"降噪"}, "abcd": {"abc", "bcd"}, "": nil,
	} {
		if got := words.Apart(text); !slices.Equal(got, want) {
			t.Errorf("%q apart: %q, want %q", text, got, want)
		}
	}
}
