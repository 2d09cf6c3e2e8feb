package record_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/care/record"
	"github.com/aftercare/aftercare/platform/seal/bundle"
)

// printed is a case of sixty events, some without content, in three scripts.
func printed() (bundle.Case, []bundle.File) {
	c := bundle.Case{Format: bundle.Format, Origin: "shop.example/log", Tenant: "main", Case: "case_06h03br27g59rr0j1490ft731g"}
	for i := range 60 {
		e := bundle.Event{Position: int64(i + 1), Kind: 1, ID: fmt.Sprint("evt_", i), Stream: "case", Subject: c.Case, Type: "case.approved", ActorKind: "staff", ActorName: "欧阳春晓",
			At: 1795324800123 + int64(i)*60_000, DataSalt: strings.Repeat("0", 64),
			Data: `{"outcome":"approve","comment":"耳机左侧没有声音。The left side is silent, řeka 𠮷","policy":"standard","policy_version":3,"packs":["EU 2024-1","CN 2020-1"]}`}
		if i%7 == 0 {
			e.DataSalt, e.Data = "", ""
		}
		c.Events = append(c.Events, e)
	}
	return c, []bundle.File{bundle.Held(strings.Repeat("ab", 32), "jpg", []byte("x"))}
}

func TestThePrintedTimelineIsTheSameForTheSameEvents(t *testing.T) {
	c, files := printed()
	seen := map[string]bool{}
	for _, lang := range []string{"zh-CN", "zh-TW", "en"} {
		first, err := record.Print(c, files, lang)
		if err != nil {
			t.Fatal(err)
		}
		again, err := record.Print(c, files, lang)
		if err != nil || !bytes.Equal(first, again) {
			t.Errorf("%s: another document for the same events, %v", lang, err)
		}
		if !bytes.HasPrefix(first, []byte("%PDF-")) || bytes.Count(first, []byte("/Type /Page\n")) < 3 || seen[string(first)] {
			t.Errorf("%s: %d bytes, %d pages", lang, len(first), bytes.Count(first, []byte("/Type /Page\n")))
		}
		seen[string(first)] = true
		if dir := os.Getenv("AFTERCARE_TEST_PAGES"); dir != "" {
			if err := os.WriteFile(dir+"/timeline."+lang+".pdf", first, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	c.Events[1].Data = strings.Replace(c.Events[1].Data, "standard", "special", 1)
	if other, err := record.Print(c, files, "en"); err != nil || seen[string(other)] {
		t.Errorf("another event gives the same document, %v", err)
	}
}
