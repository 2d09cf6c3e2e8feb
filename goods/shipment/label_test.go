package shipment_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/aftercare/aftercare/goods/shipment"
)

// needFont ends a test of a checkout in which the font has not been made.
func needFont(t testing.TB) {
	t.Helper()
	if err := shipment.FontReady(); err != nil {
		missing(t, err.Error())
	}
}

// missing fails, so that no run that is called complete has tested no label;
// a short run goes on without.
func missing(t testing.TB, what string) {
	t.Helper()
	if testing.Short() {
		t.Skip(what)
	}
	t.Fatal(what)
}

var labels = map[string]shipment.Label{
	"zh-CN": {
		Language: "zh-CN", Tracking: "AC123456789018", CaseNumber: "R-7K2M-9QXP", Link: "https://shop.example/cases/case_06gzze38pxy1xe5dt981807gzm",
		To:    shipment.Address{Name: "云杉家居退货仓", Lines: []string{"浦东新区张江镇祖冲之路 2288 弄 3 号楼东侧一层收货平台（请从科苑路南门进入，保安处登记）"}, City: "上海市", Postcode: "201203", Phone: "021-5555 0123"},
		From:  shipment.Address{Name: "欧阳喆堃", Lines: []string{"江苏省苏州市工业园区星湖街 328 号创意产业园 12 栋 1803 室"}, Phone: "138****6621"},
		Items: []shipment.Item{{Title: "北欧风实木餐椅 原木色（一对装）", Quantity: 2}, {Title: "羊毛混纺披肩 驼色", Quantity: 1}},
		Instructions: []string{
			"请将商品连同配件、发票放回原包装，贴好本标签后交给快递员；旧的快递单请撕掉或涂黑。",
			"请于 3 月 14 日前寄出。到仓后 2 个工作日内验货，验货通过即原路退款。",
		},
		At: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC),
	},
	"zh-TW": {
		Language: "zh-TW", Tracking: "AC123456789018", CaseNumber: "R-7K2M-9QXP", Link: "https://shop.example/cases/case_06gzze38pxy1xe5dt981807gzm",
		To:           shipment.Address{Name: "雲杉家居退貨倉", Lines: []string{"龜山區文化一路 250 巷 88 弄 16 號地下一樓「退貨驗收處」"}, City: "桃園市", Postcode: "333", Country: "臺灣", Phone: "03-555-0123"},
		From:         shipment.Address{Name: "張瓊文", Lines: []string{"臺北市大安區羅斯福路三段 283 巷 14 弄 8 號 4 樓之 2"}, Phone: "0912-***-345"},
		Items:        []shipment.Item{{Title: "無線藍牙耳機（主動降噪）", Quantity: 1}},
		Instructions: []string{"請將商品與配件放回原包裝，貼妥本標籤後交給物流人員；舊的託運單請撕除。"},
	},
	"en": {
		Language: "en", Tracking: "AC123456789018", CaseNumber: "R-7K2M-9QXP", Link: "https://shop.example/cases/case_06gzze38pxy1xe5dt981807gzm",
		To: shipment.Address{Name: "Spruce & Söhne Retouren GmbH", Lines: []string{"Große Bleichen 12–14, Hinterhof, Łódź-Łęczyca Dock 7", "c/o Nordlogistik Straßenverkehrsgesellschaft"},
			City: "Hamburg", Postcode: "20354", Country: "Germany", Phone: "+49 40 555 0123"},
		From:         shipment.Address{Name: "Zoë Ångström-Dvořáková", Lines: []string{"Náměstí Přemyslovců 1134/21, 3. patro"}, City: "Nymburk", Postcode: "288 02", Country: "Czechia"},
		Items:        []shipment.Item{{Title: "Wool throw, camel, 130 × 180 cm", Quantity: 1}, {Title: "Oak dining chair", Quantity: 2}},
		Instructions: []string{"Put the goods with all parts into the original box. Fix this label on top; cover or remove old labels.", "Hand the parcel over by 14 March. You will hear from us within 2 working days of arrival."},
	},
}

func render(t testing.TB, l shipment.Label) string {
	t.Helper()
	var pdf bytes.Buffer
	if err := shipment.Render(&pdf, l); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "label.pdf")
	if dir := os.Getenv("AFTERCARE_LABEL_DIR"); dir != "" { // to look at them
		path = filepath.Join(dir, l.Language+".pdf")
	}
	if err := os.WriteFile(path, pdf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// run calls a program that reads labels as others would.
func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		missing(t, name+" is not installed: run `scripts/tools.sh pdf codes`")
	}
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s %v: %v", name, args, err)
	}
	return string(out)
}

// squeezed drops spaces: a line break on paper has none.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func wantText(t *testing.T, pdf string, texts ...string) {
	t.Helper()
	got := squeezed(run(t, "pdftotext", "-raw", pdf, "-"))
	for _, text := range texts {
		if !strings.Contains(got, squeezed(text)) {
			t.Errorf("label lacks %q; it has\n%s", text, got)
		}
	}
}

func TestALabelHasEveryCharacterOfItsAddresses(t *testing.T) {
	needFont(t)
	for language, l := range labels {
		t.Run(language, func(t *testing.T) {
			pdf := render(t, l)
			for _, a := range []shipment.Address{l.To, l.From} {
				wantText(t, pdf, a.Name, a.City, a.Postcode, a.Country, a.Phone)
				wantText(t, pdf, a.Lines...)
			}
			wantText(t, pdf, l.CaseNumber, l.Tracking)
			wantText(t, pdf, l.Instructions...)
		})
	}
}

func TestTheCodesOfALabelCanBeScanned(t *testing.T) {
	needFont(t)
	for language, l := range labels {
		t.Run(language, func(t *testing.T) {
			pdf := render(t, l)
			png := strings.TrimSuffix(pdf, ".pdf")
			run(t, "pdftoppm", "-r", "203", "-gray", "-png", "-singlefile", pdf, png) // as thermal printers have it
			got := run(t, "zbarimg", "-q", png+".png")
			for _, want := range []string{"QR-Code:" + l.Link, "CODE-128:" + l.Tracking} {
				if !strings.Contains(got, want+"\n") {
					t.Errorf("scanned %q, want %q", got, want)
				}
			}
		})
	}
}

func TestALongChineseAddressLosesNothingWhereItWraps(t *testing.T) {
	needFont(t)
	var text strings.Builder
	for r := rune(0x4e00); text.Len() < 3*300; r += 7 { // 300 different characters
		text.WriteRune(r)
	}
	l := labels["zh-CN"]
	l.To.Lines = []string{text.String()}
	wantText(t, render(t, l), text.String(), l.To.Name, l.To.Phone)
	l.From.Lines = []string{text.String()}
	wantText(t, render(t, l), text.String()+l.From.Lines[0][:0], l.From.Name)
}

func TestTheLongestAddressesAreReadable(t *testing.T) {
	needFont(t)
	l := labels["zh-CN"]
	for _, letter := range []string{"鑫", "W", "W "} {
		lines := make([]string, 8)
		for i := range lines {
			lines[i] = strings.Repeat(letter, 390/8/len([]rune(letter)))
		}
		l.To = shipment.Address{Name: "仓", Lines: lines}
		wantText(t, render(t, l), lines...)
		l.To.Lines = []string{strings.Join(lines, "")}
		wantText(t, render(t, l), l.To.Lines...)
	}
}

func TestAnAddressThatCannotBeReadableIsRefusedNotCut(t *testing.T) {
	needFont(t)
	l := labels["zh-CN"]
	l.To.Lines = []string{strings.Repeat("很长的地址", 400)}
	var pdf bytes.Buffer
	if err := shipment.Render(&pdf, l); err == nil || pdf.Len() > 0 {
		t.Errorf("Render of 2,000 characters: %v and %d bytes, want an error and none", err, pdf.Len())
	}
}

func TestLongInstructionsEndWithAnEllipsis(t *testing.T) {
	needFont(t)
	l := labels["en"]
	l.Instructions = []string{strings.Repeat("Please read this very carefully. ", 200)}
	pdf := render(t, l)
	got := run(t, "pdftotext", "-raw", pdf, "-")
	if !strings.Contains(got, "…") {
		t.Errorf("no ellipsis in\n%s", got)
	}
	wantText(t, pdf, l.To.Name, l.From.Lines[0])
}

func TestMissingCharactersAreVisibleAndReported(t *testing.T) {
	needFont(t)
	l := labels["zh-CN"]
	l.From.Name = "สมชาย 欧阳"
	wantText(t, render(t, l), "□□□□□ 欧阳")
	lost, err := shipment.Missing(l)
	if err != nil || string(lost) != "สมชาย" {
		t.Errorf("Missing = %q, %v; want the Thai letters", string(lost), err)
	}
	if lost, err = shipment.Missing(labels["en"]); err != nil || len(lost) != 0 {
		t.Errorf("Missing of a European address = %q, %v; want none", string(lost), err)
	}
}

// Arabic and Korean are not in the font: rows of boxes would tell nobody anything.
func TestWhatTheFontCannotWriteHasANumberInstead(t *testing.T) {
	needFont(t)
	l := labels["en"]
	l.From = shipment.Address{Name: "ليلى حداد"}
	l.Items = []shipment.Item{{Title: "سماعات لاسلكية", SKU: "BT-200-W", Quantity: 2}, {Title: "보조 배터리 PB-5", SKU: "X", Quantity: 1}}
	pdf := render(t, l)
	wantText(t, pdf, "2 × BT-200-W", "1 × □□ □□□ PB-5")
	if got := run(t, "pdftotext", "-raw", pdf, "-"); strings.Contains(got, "FROM") || strings.Count(got, "□") != 5 {
		t.Errorf("boxes where nothing can be read:\n%s", got)
	}
	if lost, err := shipment.Missing(l); err != nil || len(lost) < 10 {
		t.Errorf("Missing = %q, %v", string(lost), err)
	}
}

func TestALabelIsOnePageOfLabelSize(t *testing.T) {
	needFont(t)
	for _, l := range labels {
		got := run(t, "pdfinfo", render(t, l))
		if !regexp.MustCompile(`Pages:\s+1\n`).MatchString(got) || !strings.Contains(got, "283.46 x 425.2") {
			t.Errorf("pdfinfo of %s:\n%s", l.Language, got)
		}
	}
}

func BenchmarkLabel(b *testing.B) {
	needFont(b)
	common, rare := labels["zh-CN"], labels["zh-CN"]
	common.From.Name = "欧阳晓明"
	for name, l := range map[string]shipment.Label{"common": common, "rare name": rare, "english": labels["en"]} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var pdf bytes.Buffer
				if err := shipment.Render(&pdf, l); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(pdf.Len()), "bytes")
			}
		})
	}
}

func ExampleValid() {
	fmt.Println(shipment.Valid("AC123456789018"), shipment.Valid("AC123456789108"))
	// Output: true false
}
