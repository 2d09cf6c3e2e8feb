package words_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/platform/words"
)

func TestTextsAreCutByTheirScript(t *testing.T) {
	tests := []struct {
		name, text     string
		pieces, starts []string
	}{
		{"Latin", "ann lee", []string{"ann", "nn ", "n l", " le", "lee"}, []string{"lee"}},
		{"Chinese", "王小明", []string{"王小", "小明"}, []string{"小明"}},
		{"mixed", "x2 耳机", []string{"x2 ", "2 耳", " 耳机", "耳机"}, []string{"耳机"}},
		{"several words", "maria de la cruz", nil, []string{"de la cruz", "la cruz", "cruz"}},
		{"one", "王", nil, nil},
		{"nothing", "", nil, nil},
	}
	for _, test := range tests {
		if test.pieces != nil {
			if diff := cmp.Diff(test.pieces, words.Pieces(test.text)); diff != "" {
				t.Errorf("%s: pieces (-want +got):\n%s", test.name, diff)
			}
		}
		if diff := cmp.Diff(test.starts, words.Starts(test.text)); diff != "" {
			t.Errorf("%s: starts (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestFoldingMakesWaysOfTypingOne(t *testing.T) {
	for given, want := range map[string]string{"  Ann   LEE ": "ann lee", "ＡＢ１２": "ab12", "王　小明": "王 小明"} {
		if got := words.Fold(given); got != want {
			t.Errorf("%q is %q, want %q", given, got, want)
		}
	}
}

func TestSlipsOfTheKeyboardAreForgivenByLength(t *testing.T) {
	tests := []struct {
		wanted, word string
		want         bool
	}{
		{"anne", "anne", true}, {"anne", "anna", true}, {"anne", "annne", true}, {"anne", "nane", true}, {"anne", "emma", false},
		{"ann", "anm", false}, {"ann", "ann", true},
		{"christopher", "chirstoper", true}, {"christopher", "cristofer", false}, {"smith", "smythe", false}, {"smith", "smiht", true},
		{"", "", true}, {"anne", "", false},
	}
	for _, test := range tests {
		if got := words.Near(test.wanted, test.word); got != test.want {
			t.Errorf("%s for %s: %v, want %v", test.wanted, test.word, got, test.want)
		}
	}
}
