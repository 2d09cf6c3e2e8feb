package httpapi_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func TestCursorRoundTrip(t *testing.T) {
	type place struct {
		At   time.Time
		N    int64
		Name string
	}
	want := place{time.Date(2026, 3, 1, 9, 0, 0, 123e6, time.UTC), 1<<62 + 1, "退货 <a>"}
	var got place
	if err := httpapi.DecodeCursor(httpapi.EncodeCursor(want.At, want.N, want.Name), &got.At, &got.N, &got.Name); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("place (-want +got):\n%s", diff)
	}
	if err := httpapi.DecodeCursor("", &got.N); err != nil || got.N != want.N {
		t.Errorf("empty cursor: %v, n = %d", err, got.N)
	}
}

func TestTamperedCursorIsRefused(t *testing.T) {
	good := httpapi.EncodeCursor(int64(1760000000000), "case_06gzze38pxy1xe5dt981807gzm")
	var n int64
	var id string
	for i := range len(good) {
		bad := []byte(good)
		bad[i] = 'A' + (bad[i]-'A'+1)%26
		if string(bad) == good {
			continue
		}
		if err := httpapi.DecodeCursor(string(bad), &n, &id); !errors.Is(err, httpapi.ErrCursor) {
			t.Errorf("%s with character %d changed: %v, want ErrCursor", good, i, err)
		}
	}
	for _, bad := range []string{"x", "!!", good[:10], good + "AAAA", httpapi.EncodeCursor(int64(1)), httpapi.EncodeCursor("a", "b")} {
		if err := httpapi.DecodeCursor(bad, &n, &id); !errors.Is(err, httpapi.ErrCursor) {
			t.Errorf("%s: %v, want ErrCursor", bad, err)
		}
	}
}

func FuzzDecodeCursor(f *testing.F) {
	f.Add(httpapi.EncodeCursor(int64(1), "a"))
	f.Add("bm9uc2Vuc2U")
	f.Fuzz(func(t *testing.T, cursor string) {
		var n int64
		var s string
		if err := httpapi.DecodeCursor(cursor, &n, &s); err != nil && !errors.Is(err, httpapi.ErrCursor) {
			t.Errorf("%q: %v", cursor, err)
		}
	})
}

func TestIfMatchNamesAVersion(t *testing.T) {
	tests := []struct {
		header string
		want   int64
		err    *fault.Fault
	}{
		{`"7"`, 7, nil},
		{`W/"7"`, 7, nil},
		{`*`, 0, nil},
		{``, 0, httpapi.ErrPrecondition},
		{`7`, 0, httpapi.ErrInvalid},
		{`"0"`, 0, httpapi.ErrInvalid},
		{`"-1"`, 0, httpapi.ErrInvalid},
		{`"07"`, 0, httpapi.ErrInvalid},
		{`"7", "8"`, 0, httpapi.ErrInvalid},
	}
	for _, tt := range tests {
		got, err := httpapi.IfMatch{IfMatch: tt.header}.Version()
		if got != tt.want || (tt.err == nil) != (err == nil) || (tt.err != nil && !errors.Is(err, tt.err)) {
			t.Errorf("If-Match %s: %d, %v, want %d, %v", tt.header, got, err, tt.want, tt.err)
		}
	}
}

func TestInputsReadTheirHeaders(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
		a := apitest.Do(t, h, "PATCH", "/v1/boxes/a", apitest.As(staff), apitest.IfMatch(7), apitest.Header("Accept-Language", "zh-Hant, en;q=0.5")).Want(t, 200, "")
		if a.At("version") != 7.0 || a.Text("language") != "zh-TW" {
			t.Errorf("answered %s, want version 7 and zh-TW", a.Raw)
		}
		a = apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), apitest.Body(`{"name":"a"}`)).Want(t, 201, "")
		if a.Text("client") != "192.0.2.1" {
			t.Errorf("client %q, want 192.0.2.1", a.Text("client"))
		}
	})
}

func TestPagesFollowEachOther(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
		first := apitest.Do(t, h, "GET", "/v1/boxes", apitest.As(staff)).Want(t, 200, "")
		if items, _ := first.At("items").([]any); len(items) != 50 {
			t.Errorf("%d items without a limit, want 50", len(items))
		}
		second := apitest.Do(t, h, "GET", "/v1/boxes?limit=2&cursor="+first.Text("next"), apitest.As(staff)).Want(t, 200, "")
		if got := second.Text("items.0"); got != "a box with quite a long name, number 50" {
			t.Errorf("second page begins with %q", got)
		}
	})
}

func TestPagesByIDLeaveNothingOut(t *testing.T) {
	for length := range 8 {
		all := strings.Split("abcdefgh", "")[:length]
		read := func(after string, limit int) ([]string, error) {
			rest := all[slices.IndexFunc(append(all, "z"), func(one string) bool { return one > after }):]
			return rest[:min(limit, len(rest))], nil
		}
		var got []string
		page, rounds := httpapi.Page{Limit: 3}, 0
		for ; rounds == 0 || page.Cursor != ""; rounds++ {
			some, next, err := httpapi.PageByID(page, func(one string) string { return one }, read)
			if err != nil || len(some) > 3 {
				t.Fatalf("%q, %v", some, err)
			}
			got, page.Cursor = append(got, some...), next
		}
		if strings.Join(got, "") != strings.Join(all, "") || rounds != max(1, (length+2)/3) {
			t.Errorf("%d entries: %q in %d pages", length, got, rounds)
		}
	}
	_, _, err := httpapi.PageByID(httpapi.Page{Cursor: "x", Limit: 3}, func(one string) string { return one }, func(string, int) ([]string, error) {
		t.Error("read behind a cursor that was not made here")
		return nil, nil
	})
	if !errors.Is(err, httpapi.ErrCursor) {
		t.Errorf("a wrong cursor: %v", err)
	}
}
