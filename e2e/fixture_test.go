package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

const password = "a walk by the river 2026"

// buyer is somebody who bought something.
type buyer struct {
	Number  string `json:"number"`
	Contact string `json:"contact"`
	Name    string `json:"name"`
	lang    string
}

// buyers is one customer for each walk, so that walks do not meet.
var buyers = map[string]buyer{
	"whole":       {"E2E-1001", "lin.xiaowen@example.com", "林晓雯", "zh-CN"},
	"keyboard":    {"E2E-1002", "chen.siyuan@example.com", "陈思远", "zh-CN"},
	"stranger":    {"E2E-1003", "zhou.min@example.com", "周敏", "zh-CN"},
	"english":     {"E2E-1004", "emma.wilson@example.com", "Emma Wilson", "en"},
	"taiwan":      {"E2E-1005", "huang.yating@example.com", "黃雅婷", "zh-TW"},
	"pages":       {"E2E-1006", "wang.jianguo@example.com", "王建国", "zh-CN"},
	"staff":       {"E2E-1007", "ouyang.chunxiao@example.com", "欧阳春晓", "zh-CN"},
	"kinds":       {"E2E-1009", "sun.mei@example.com", "孙梅", "zh-CN"},
	"rights":      {"E2E-1011", "wu.lei@example.com", "吴磊", "zh-CN"},
	"desk":        {"E2E-1010", "xu.jie@example.com", "徐洁", "zh-CN"},
	"day_cn":      {"E2E-1014", "feng.qi@example.com", "冯琪", "zh-CN"},
	"day_ar":      {"E2E-1015", "layla.haddad@example.com", "Layla Haddad", "en"},
	"bench":       {"E2E-1012", "he.yun@example.com", "何芸", "zh-CN"},
	"bench2":      {"E2E-1013", "qian.bo@example.com", "钱博", "zh-CN"},
	"moves":       {"E2E-1016", "gu.an@example.com", "顾安", "zh-CN"},
	"taps_cn":     {"E2E-1021", "tap.one@example.com", "唐一", "zh-CN"},
	"taps_tw":     {"E2E-1022", "tap.two@example.com", "唐二", "zh-TW"},
	"taps_en":     {"E2E-1023", "tap.three@example.com", "Tess Three", "en"},
	"files":       {"E2E-1024", "fei.le@example.com", "费乐", "zh-CN"},
	"files_again": {"E2E-1025", "fan.yi@example.com", "范毅", "zh-CN"},
	"widget":      {"E2E-1041", "wid.one@example.com", "Wendy One", "en"},
	"weak":        {"E2E-1061", "ruo.wang@example.com", "若望", "zh-CN"},
	"widget_pay":  {"E2E-1060", "wid.pay@example.com", "Wanda Pay", "en"},
	"widget_two":  {"E2E-1042", "wid.two@example.com", "魏二", "zh-CN"},
	"together":    {"E2E-1031", "meng.jie@example.com", "孟洁", "zh-CN"},
	"inbox":       {"E2E-1032", "shen.li@example.com", "沈丽", "zh-CN"},
	"crowd":       {"E2E-1033", "ren.qun@example.com", "任群", "zh-CN"},
	"talk_cn":     {"E2E-1051", "hua.yu@example.com", "华雨", "zh-CN"},
	"talk_tw":     {"E2E-1052", "lin.yi@example.com", "林怡", "zh-TW"},
	"talk_en":     {"E2E-1053", "tina.talk@example.com", "Tina Talk", "en"},
	"second":      {"E2E-1008", "li.na@example.com", "李娜", "zh-CN"},
}

// writeOrders writes an order file in which everybody bought the same: a pair
// of headphones, three shirts, and something that cannot go back for pleasure.
func writeOrders(t *testing.T, all map[string]buyer) string {
	t.Helper()
	var b bytes.Buffer
	placed, delivered := time.Now().AddDate(0, 0, -4).UTC(), time.Now().AddDate(0, 0, -2).UTC()
	for _, who := range all {
		err := json.NewEncoder(&b).Encode(map[string]any{
			"number": who.Number, "currency": "CNY", "country": "CN", "zone": "Asia/Shanghai", "tax_included": true,
			"placed_at": placed, "delivered_at": delivered,
			"customer": map[string]any{"name": who.Name, "email": who.Contact, "language": who.lang},
			"lines": []map[string]any{
				{"sku": "SY-X2", "title": "声悦 X2 降噪耳机 SoundJoy X2", "variant": "曜石黑", "category": "audio", "quantity": 1, "unit_price": 89900, "tax": 10342},
				{"sku": "YM-TS", "title": "云麦 长绒棉 T 恤 Cotton T-shirt", "variant": "白色 / L", "category": "clothing", "quantity": 3, "unit_price": 9900, "tax": 3417},
				{"sku": "YM-UW", "title": "云麦 莫代尔内裤 Modal briefs", "category": "underwear", "quantity": 1, "unit_price": 8900, "tax": 1024},
			},
			"discounts": []map[string]any{{"code": "满减", "funder": "platform", "amount": 5000}},
			"shipping":  map[string]any{"amount": 1200},
			"tenders":   []map[string]any{{"kind": "alipay", "label": "支付宝", "provider": "test", "reference": "pay-" + who.Number, "amount": 89900 + 29700 + 8900 - 5000 + 1200}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return writeFile(t, "orders.jsonl", b.Bytes())
}

func writeFile(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// photo is a picture as a phone takes it.
func photo(t *testing.T) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 800, 600))
	for y := range 600 {
		for x := range 800 {
			picture.Set(x, y, color.RGBA{uint8(x / 4), uint8(y / 3), uint8((x ^ y) & 127), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// key makes an API key with scopes.
func (s *server) key(t *testing.T, name string, scopes ...string) string {
	t.Helper()
	args := []string{"key", "create", name, "--json"}
	for _, scope := range scopes {
		args = append(args, "--scope", scope)
	}
	var made struct{ Secret string }
	if err := json.Unmarshal([]byte(s.run(t, "", args...)), &made); err != nil {
		t.Fatal(err)
	}
	return made.Secret
}

// staff adds a member of staff with the password of these tests.
func (s *server) staff(t *testing.T, role, name string) string {
	t.Helper()
	email := role + "@shop.example"
	s.run(t, password+"\n", "user", "create", email, "--name", name, "--role", role, "--password-stdin")
	return email
}

// answer is what the server said.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// field reads a value of a JSON answer by its path, as text.
func (a answer) field(path string) string {
	var at any
	if json.Unmarshal(a.body, &at) != nil {
		return ""
	}
	for name := range strings.SplitSeq(path, ".") {
		switch v := at.(type) {
		case map[string]any:
			at = v[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(v) {
				return ""
			}
			at = v[i]
		}
	}
	switch v := at.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return fmt.Sprint(int64(v))
	}
	raw, _ := json.Marshal(at)
	return string(raw)
}

// credentials change a request so that it comes from somebody.
type credentials func(*http.Request)

func bearer(secret string) credentials {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+secret) }
}

func cookie(name, token string) credentials {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: name, Value: token}) }
}

func header(name, value string) credentials {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// ask sends a request; a string or bytes are sent as they are, anything else
// as JSON. Of an endless answer only the head is read.
func (s *server) ask(t *testing.T, method, path string, body any, as ...credentials) answer {
	t.Helper()
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(b)
	case []byte:
		content = bytes.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		content = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, content)
	if err != nil {
		t.Fatal(err)
	}
	if content != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, change := range as {
		change(r)
	}
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer got.Body.Close()
	a := answer{status: got.StatusCode, header: got.Header}
	if !strings.HasPrefix(got.Header.Get("Content-Type"), "text/event-stream") {
		if a.body, err = io.ReadAll(got.Body); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return a
}

// must is ask for what has to work.
func (s *server) must(t *testing.T, method, path string, body any, as ...credentials) answer {
	t.Helper()
	a := s.ask(t, method, path, body, as...)
	if a.status >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
	}
	return a
}

// returnAddress is where parcels go; without it no return is approved.
func (s *server) returnAddress(t *testing.T, as credentials) {
	t.Helper()
	s.must(t, "PUT", "/v1/shop/settings", map[string]any{
		"name": "海豚优选 Dolphin", "zone": "Asia/Shanghai", "language": "zh-CN", "currency": "CNY", "support_email": "care@shop.example",
		"return_address": map[string]any{
			"name": "海豚优选退货中心", "lines": []string{"浙江省杭州市滨江区江南大道 3888 号 2 号库"}, "postcode": "310051", "country": "CN", "phone": "+8657188880000",
		},
	}, as, header("If-Match", "*"))
}

// object is the answer as JSON.
func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal(a.body, &o); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	return o
}

var moment = regexp.MustCompile(`,?"(remaining_seconds|last_used_at|last_seen_at)":("[^"]*"|-?\d+)`)

// withoutTimes removes what changes by itself.
func withoutTimes(body []byte) []byte { return moment.ReplaceAll(body, nil) }
