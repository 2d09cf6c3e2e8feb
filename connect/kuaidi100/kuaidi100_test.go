package kuaidi100_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/connect/kuaidi100"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

const (
	customer = "CUSTOMER0123"
	key      = "KEYkey01"
	salt     = "salt of both sides"
)

func capital(parts ...string) string {
	sum := md5.Sum([]byte(strings.Join(parts, "")))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// bureau is 快递100 as its documents describe it: it checks signatures and keys
// and knows the traces that a test gives it.
type bureau struct {
	mu         sync.Mutex
	traces     map[string]string // number → result
	subscribed map[string]int
	asked      int
	refuse     string // returnCode of every answer
}

func newBureau(t *testing.T) (*bureau, *kuaidi100.Adapter) {
	b := &bureau{traces: map[string]string{}, subscribed: map[string]int{}}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	return b, kuaidi100.New(kuaidi100.Options{URL: server.URL, Customer: customer, Key: key, Salt: salt,
		Callback: func(tenant string) string { return "https://shop.example/v1/hooks/carriers/kuaidi100/" + tenant }})
}

func (b *bureau) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	no := func(code, message string) {
		fmt.Fprintf(w, `{"result":false,"returnCode":%q,"message":%q}`, code, message)
	}
	if r.Method != http.MethodPost || r.ParseForm() != nil {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if b.refuse != "" {
		no(b.refuse, "稍后再试")
		return
	}
	param := r.PostForm.Get("param")
	switch r.URL.Path {
	case "/poll":
		var in struct {
			Company, Number, Key string
			Parameters           struct{ Callbackurl, Salt, Resultv2 string }
		}
		if json.Unmarshal([]byte(param), &in) != nil || r.PostForm.Get("schema") != "json" || in.Company == "" || in.Parameters.Callbackurl == "" {
			no("700", "订阅方的订阅数据存在错误")
			return
		}
		if in.Key != key {
			no("600", "您不是合法的订阅者")
			return
		}
		if b.subscribed[in.Number]++; b.subscribed[in.Number] > 1 {
			no("501", "重复订阅")
			return
		}
		fmt.Fprint(w, `{"result":true,"returnCode":"200","message":"提交成功"}`)
	case "/poll/query.do":
		b.asked++
		if r.PostForm.Get("customer") != customer || r.PostForm.Get("sign") != capital(param, key, customer) {
			no("503", "验证签名失败")
			return
		}
		var in struct{ Com, Num string }
		_ = json.Unmarshal([]byte(param), &in)
		if in.Com != "shunfeng" || b.traces[in.Num] == "" {
			no("500", "查询无结果，请隔段时间再查")
			return
		}
		fmt.Fprint(w, b.traces[in.Num])
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func result(number, state string, steps ...string) string {
	return fmt.Sprintf(`{"message":"ok","nu":%q,"ischeck":"0","com":"shunfeng","status":"200","state":%q,"data":[%s]}`, number, state, strings.Join(steps, ","))
}

func step(at, code, word, sentence string) string {
	return fmt.Sprintf(`{"time":%q,"ftime":%q,"context":%q,"status":%q,"statusCode":%q,"areaName":"江苏,苏州市"}`, at, at, sentence, word, code)
}

func push(param, salt string) shipment.Hook {
	return shipment.Hook{Body: []byte(url.Values{"param": {param}, "sign": {capital(param, salt)}}.Encode())}
}

func TestEveryStateMeansSomethingInOurWords(t *testing.T) {
	_, a := newBureau(t)
	tests := []struct {
		code, word, sentence string
		want                 shipment.State // empty: no scan
	}{
		{"1", "揽收", "顺丰速运 已收取快件", shipment.HandedOver},
		{"103", "已揽收", "已揽收", shipment.HandedOver},
		{"101", "已下单", "已下单", ""},
		{"102", "待揽收", "待揽收", ""},
		{"0", "在途", "快件已发车", shipment.InTransit},
		{"1002", "干线", "干线运输", shipment.InTransit},
		{"5", "派件", "正在派送途中", shipment.OutForDelivery},
		{"501", "投柜或驿站", "已投柜", shipment.OutForDelivery},
		{"3", "签收", "已签收", shipment.Delivered},
		{"304", "投柜或站签收", "已取件", shipment.Delivered},
		{"2", "疑难", "派送不成功", shipment.Exception},
		{"208", "滞留", "快件滞留", shipment.Exception},
		{"2", "疑难", "快件确认遗失，正在理赔", shipment.Lost},
		{"203", "拒收", "客户拒收", shipment.Refused},
		{"14", "拒签", "收件人拒签", shipment.Refused},
		{"6", "退回", "快件正处于返回发货人的途中", shipment.Refused},
		{"6", "退回", "应客户要求，快件已拦截退回", shipment.Intercepted},
		{"4", "退签", "退回件已由寄件人签收", shipment.Returned},
		{"7", "转投", "转投其他快递", shipment.InTransit},
		{"13", "清关异常", "清关异常", shipment.Exception},
		{"null", "签收", "已签收", shipment.Delivered},
		{"99", "没有的状态", "？", shipment.InTransit},
	}
	for _, test := range tests {
		trace := strings.Replace(step("2026-03-01 10:00:00", test.code, test.word, test.sentence), `"null"`, "null", 1)
		heard, err := a.Hear(push(`{"status":"polling","lastResult":`+result("SF1", "99", trace)+`}`, salt))
		if err != nil {
			t.Fatal(err)
		}
		var got shipment.State
		if len(heard.Scans) > 0 {
			got = heard.Scans[0].Scan.Status
		}
		if got != test.want {
			t.Errorf("%s %s %q: %q, want %q", test.code, test.word, test.sentence, got, test.want)
		}
	}
}

func TestOldAccountsGetTheStateAtTheNewestStep(t *testing.T) {
	_, a := newBureau(t)
	param := `{"status":"polling","lastResult":{"nu":"SF1","state":3,"data":[{"time":"2026-03-01 18:00:00","context":"已签收"},{"time":"2026-03-01 10:00:00","context":"已发车"}]}}`
	heard, err := a.Hear(push(param, salt))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range heard.Scans {
		got = append(got, s.Scan.At.Format(time.RFC3339)+" "+string(s.Scan.Status))
	}
	if diff := cmp.Diff([]string{"2026-03-01T02:00:00Z in_transit", "2026-03-01T10:00:00Z delivered"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAPushIsBelievedOnlyWithTheSaltOfBothSides(t *testing.T) {
	_, a := newBureau(t)
	param := `{"status":"polling","lastResult":` + result("SF1", "3", step("2026-03-01 10:00:00", "3", "签收", "已签收 & +86 138")) + `}`
	heard, err := a.Hear(push(param, salt))
	if err != nil || len(heard.Scans) != 1 || string(heard.Reply) != `{"result":true,"returnCode":"200","message":"成功"}` {
		t.Errorf("signed: %+v, %v", heard, err)
	}
	good := push(param, salt).Body
	for name, hook := range map[string]shipment.Hook{
		"another salt": push(param, "guessed"),
		"no salt":      push(param, ""),
		"no signature": {Body: []byte(url.Values{"param": {param}}.Encode())},
		"another text": {Body: []byte(strings.Replace(string(good), "SF1", "SF2", 1))},
	} {
		if _, err := a.Hear(hook); !errors.Is(err, shipment.ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := a.Hear(push(`{"lastResult":[]}`, salt)); !errors.Is(err, shipment.ErrHook) {
		t.Errorf("signed nonsense: %v", err)
	}
	unset := kuaidi100.New(kuaidi100.Options{})
	if _, err := unset.Hear(push(param, "")); !errors.Is(err, shipment.ErrForged) {
		t.Errorf("without a salt everything is forged: %v", err)
	}
}

func TestAParcelIsSubscribedToOnceAndAskedAbout(t *testing.T) {
	b, a := newBureau(t)
	w := shipment.Watch{Tenant: "t1", Carrier: "顺丰速运", Tracking: "SF1", Phone: "021-5555 0000"}
	first, err := a.Track(t.Context(), w)
	if err != nil || len(first.Scans) != 0 || b.subscribed["SF1"] != 1 || first.Again < 12*time.Hour {
		t.Errorf("not scanned yet: %+v, %v", first, err)
	}
	b.traces["SF1"] = result("SF1", "0", step("2026-03-01 10:00:00", "0", "在途", "已发车"))
	w.Mark = first.Mark
	if r, err := a.Track(t.Context(), w); err != nil || len(r.Scans) != 1 || b.subscribed["SF1"] != 1 {
		t.Errorf("scanned: %+v, %v", r, err)
	}
	w.Mark = "" // we forgot
	if r, err := a.Track(t.Context(), w); err != nil || r.Mark != first.Mark || b.subscribed["SF1"] != 2 {
		t.Errorf("subscribed before: %+v, %v", r, err)
	}
	for _, code := range []string{"600", "701", "503"} {
		b.refuse = code
		_, err := a.Track(t.Context(), w)
		if slow, ok := errors.AsType[*shipment.Slow](err); !ok || slow.Until < 12*time.Hour {
			t.Errorf("refused with %s: %v", code, err)
		}
	}
	for name, want := range map[string]bool{"顺丰": true, "SF Express": true, "圓通速遞": true, "yunda": true, "DHL": false, "own": false, "": false} {
		if a.Carries(name, "") != want {
			t.Errorf("Carries(%q) is not %v", name, want)
		}
	}
}

func TestPushesInAnyOrderAndAnyNumberEndTheSame(t *testing.T) {
	schemas := []db.Schema{event.Schema, job.Schema, shipment.Schema}
	at := time.Date(2026, 3, 1, 4, 0, 0, 0, time.UTC)
	steps := []string{
		step("2026-03-01 10:00:00", "1", "揽收", "已收取快件"),
		step("2026-03-01 11:00:00", "0", "在途", "已发车"),
		step("2026-03-01 11:00:00", "0", "在途", "已到达"), // the same second
		step("2026-03-01 11:30:00", "5", "派件", "派送中"),
		step("2026-03-01 11:50:00", "3", "签收", "已签收"),
	}
	dbtest.EachAt(t, schemas, at, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		_, a := newBureau(t)
		s := &shipment.Service{Store: d, Carriers: []shipment.Carrier{a}}
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			to := shipment.Address{Name: "仓", Lines: []string{"路 1 号"}}
			if _, err := s.Issue(t.Context(), tx, actor.Of("t1"), "case_1", to); err != nil {
				return err
			}
			_, err := s.HandOver(t.Context(), tx, actor.Of("t1"), "case_1", "", "顺丰", "SF1000001")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		var pushes []shipment.Hook
		for n := range len(steps) {
			pushes = append(pushes, push(`{"status":"polling","lastResult":`+result("SF1000001", "0", steps[:n+1]...)+`}`, salt))
		}
		pushes = append(pushes, pushes...)
		rand.Shuffle(len(pushes), func(i, j int) { pushes[i], pushes[j] = pushes[j], pushes[i] })
		var wg sync.WaitGroup
		for _, hook := range pushes {
			wg.Go(func() {
				if _, err := s.Heed(context.Background(), "t1", kuaidi100.Name, "", hook); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			p, err := shipment.ByCase(t.Context(), tx, "t1", "case_1")
			if p.State != shipment.Delivered || len(p.Scans) != len(steps) {
				t.Errorf("the parcel is %s with %d scans, want delivered with %d", p.State, len(p.Scans), len(steps))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
