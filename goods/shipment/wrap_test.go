package shipment

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func one(rune) float64 { return 1 }

func TestLinesBreakWherePeopleBreakThem(t *testing.T) {
	tests := []struct {
		name, text string
		width      float64
		want       []string
	}{
		{"nothing", "", 5, []string{""}},
		{"Chinese anywhere", "上海市浦东新区", 3, []string{"上海市", "浦东新", "区"}},
		{"a full stop does not start a line", "一二三。四", 3, []string{"一二", "三。四"}},
		{"nor two signs of punctuation", "一二三》。四", 4, []string{"一二", "三》。四"}},
		{"an opening bracket does not end one", "一二（三四）", 3, []string{"一二", "（三", "四）"}},
		{"words stay whole", "hello big world", 9, []string{"hello big ", "world"}},
		{"the space hangs over", "hello world", 5, []string{"hello ", "world"}},
		{"a word longer than a line breaks hard", "abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"Latin in Chinese", "请到DHL站点", 4, []string{"请到", "DHL站", "点"}},
		{"a number keeps its unit of room", "3号楼1803室", 4, []string{"3号楼", "1803", "室"}},
		{"a mark stays with its letter", "a\u0323b", 1, []string{"a\u0323", "b"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			measure := func(r rune) float64 {
				if r == '\u0323' {
					return 0
				}
				return 1
			}
			if got := wrap(test.text, test.width, measure); !slices.Equal(got, test.want) {
				t.Errorf("wrap(%q, %v) = %q, want %q", test.text, test.width, got, test.want)
			}
		})
	}
}

func TestLinesPutTogetherAreTheText(t *testing.T) {
	letters := []rune("上海市浦东ab1,.。（）「」 \u3000-/é…“”")
	for range 20_000 {
		var text strings.Builder
		for range rand.IntN(60) {
			text.WriteRune(letters[rand.IntN(len(letters))])
		}
		width := float64(1 + rand.IntN(20))
		lines := wrap(text.String(), width, one)
		if got := strings.Join(lines, ""); got != text.String() {
			t.Fatalf("wrap(%q, %v) = %q", text.String(), width, lines)
		}
		for _, l := range lines {
			if n := utf8.RuneCountInString(strings.TrimRight(l, " \u3000")); float64(n) > width {
				t.Fatalf("wrap(%q, %v): line %q is %d wide", text.String(), width, l, n)
			}
		}
	}
}
