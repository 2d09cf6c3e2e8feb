package words_test

import (
	"slices"
	"testing"

	"github.com/aftercare/aftercare/platform/words"
)

func TestChineseIsFoundByHowItIsSpelt(t *testing.T) {
	for _, test := range []struct{ text, typed, want string }{
		{"林晓雯", "linxiaowen", "林晓雯"}, {"林晓雯", "lin xiaowen", "林晓雯"}, {"林晓雯", "lin xiao", "林晓"}, {"林晓雯", "linxia", "林晓"}, {"林晓雯", "lxw", "林晓雯"},
		{"林晓雯", "xiaowen", "晓雯"}, {"林曉雯", "xiaowen", "晓雯"}, {"林晓雯", "LX", "林晓"}, {"林晓雯", "wangwu", ""},
		{"声悦 X2 降噪耳机", "erji", "耳机"}, {"声悦 X2 降噪耳机", "jzej", "降噪耳机"}, {"聲悅 X2 降噪耳機", "jiangzao", "降噪"}, {"吕布", "lübu", "吕布"}, {"西安", "xi'an", "西安"},
		{"headphones", "headphones", ""}, {"", "ab", ""},
	} {
		got := ""
		for _, s := range words.Sounds(test.text) {
			if got == "" {
				got = s.Said(words.Latin(test.typed))
			}
		}
		if got != test.want {
			t.Errorf("%q in %q means %q, want %q", test.typed, test.text, got, test.want)
		}
	}
	for _, text := range []string{"x2", "a", "耳机", "SO-2026", ""} {
		if got := words.Latin(text); got != "" {
			t.Errorf("%q is no pinyin, but %q", text, got)
		}
	}
}

func TestPinyinIsForgivenSlips(t *testing.T) {
	for _, test := range []struct{ text, typed, want string }{
		{"林晓雯", "linxaowen", "林晓雯"}, {"林晓雯", "linxiaowne", "林晓雯"}, {"耳机", "erij", "耳机"}, {"林晓雯", "zhangsan", ""}, {"降噪耳机", "jinagzao", "降噪"},
	} {
		got := ""
		for _, s := range words.Sounds(test.text) {
			if got == "" {
				got = s.Nearly(words.Latin(test.typed))
			}
		}
		if got != test.want {
			t.Errorf("%q nearly in %q means %q, want %q", test.typed, test.text, got, test.want)
		}
	}
}

func TestTraditionalCharactersAreSimplified(t *testing.T) {
	for given, want := range map[string]string{"聲悅降噪耳機": "声悦降噪耳机", "陳曉雯": "陈晓雯", "登山背包": "登山背包", "Maria": "Maria", "カメラ": "カメラ", "": ""} {
		if got := words.Simple(given); got != want {
			t.Errorf("%q is %q, want %q", given, got, want)
		}
	}
	if all := words.Sounds("耳机"); !slices.ContainsFunc(all, func(s words.Sound) bool { return s.Spelt == "ji" && s.Letters == "" }) {
		t.Errorf("a single character is spelt %v", all)
	}
}
