package httpapi_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func TestEveryAnswerCarriesSecurityHeaders(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
		for _, path := range []string{"/v1/boxes", "/v1/nothing", "/docs"} {
			a := apitest.Do(t, h, "GET", path, apitest.As(staff))
			policy := a.Header.Get("Content-Security-Policy")
			if !strings.Contains(policy, "default-src 'self'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
				t.Errorf("%s: policy %q", path, policy)
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Strict-Transport-Security": ""} {
				if got := a.Header.Get(name); got != want {
					t.Errorf("%s: %s is %q, want %q", path, name, got, want)
				}
			}
			if a.Header.Get("Permissions-Policy") == "" {
				t.Errorf("%s: no Permissions-Policy", path)
			}
		}
		if got := apitest.Do(t, h, "GET", "/v1/boxes", apitest.As(staff)).Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("Cache-Control %q, want no-store", got)
		}
		overTLS := apitest.Do(t, h, "GET", "/v1/boxes", apitest.As(staff), func(r *http.Request) { r.TLS = &tls.ConnectionState{} })
		if overTLS.Header.Get("Strict-Transport-Security") == "" {
			t.Error("no Strict-Transport-Security over TLS")
		}
	})
}

func TestOtherSitesCannotActForAVisitor(t *testing.T) {
	each(t, func(o *httpapi.Options) { o.Origins = []string{"https://shop.example"} }, func(t *testing.T, h http.Handler, _ *db.DB, b *box) {
		cookie := apitest.Header("Cookie", httpapi.StaffCookie+"=x")
		tests := []struct {
			name   string
			opts   []apitest.Option
			status int
		}{
			{"cross-site with cookie", []apitest.Option{cookie, apitest.Header("Sec-Fetch-Site", "cross-site")}, 403},
			{"same-site page of another origin", []apitest.Option{cookie, apitest.Header("Sec-Fetch-Site", "same-site")}, 403},
			{"old browser, foreign origin", []apitest.Option{cookie, apitest.Header("Origin", "https://evil.example")}, 403},
			{"cookie beside a made-up key", []apitest.Option{cookie, apitest.Bearer("x"), apitest.Header("Sec-Fetch-Site", "cross-site")}, 403},
			{"signing in from another site", []apitest.Option{apitest.Header("Sec-Fetch-Site", "cross-site")}, 403},
			{"trusted origin", []apitest.Option{cookie, apitest.Header("Sec-Fetch-Site", "cross-site"), apitest.Header("Origin", "https://shop.example")}, 201},
			{"same origin", []apitest.Option{cookie, apitest.Header("Sec-Fetch-Site", "same-origin")}, 201},
			{"program with a key", []apitest.Option{apitest.Bearer("x")}, 201},
			{"program without anything", nil, 201},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				before := b.runs.Load()
				a := apitest.Do(t, h, "POST", "/v1/boxes", append(tt.opts, apitest.As(staff), apitest.Body(`{"name":"a"}`))...)
				if a.Status != tt.status {
					t.Errorf("answered %d, want %d: %s", a.Status, tt.status, a.Raw)
				}
				if tt.status == 403 && (a.Code() != "request.cross_site" || b.runs.Load() != before) {
					t.Errorf("code %q, ran %d times", a.Code(), b.runs.Load()-before)
				}
			})
		}
		apitest.Do(t, h, "GET", "/v1/boxes", cookie, apitest.As(staff), apitest.Header("Sec-Fetch-Site", "cross-site")).Want(t, 200, "")
	})
}

func TestRateLimitIsPerCaller(t *testing.T) {
	limits := httpapi.Limits{PerSecond: 0.01, Burst: 3}
	each(t, func(o *httpapi.Options) { o.Limits = limits }, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
		for range 3 {
			apitest.Do(t, h, "GET", "/v1/boxes", apitest.As(staff)).Want(t, 200, "")
		}
		a := apitest.Do(t, h, "GET", "/v1/boxes", apitest.As(staff)).Want(t, 429, "request.limited")
		if got := a.Header.Get("Retry-After"); got != "100" && got != "99" {
			t.Errorf("Retry-After %q, want about 100", got)
		}
		apitest.Do(t, h, "GET", "/v1/boxes", apitest.As(actor.Actor{Tenant: "test", Kind: actor.Key, ID: "key_1", Role: "agent"})).Want(t, 200, "")
	})
}

func TestRateLimitOfStrangersIsPerNetwork(t *testing.T) {
	for _, tt := range []struct {
		name, first, second string
		trust               bool
		status              int
	}{
		{"another address", "192.0.2.1:5", "192.0.2.2:5", false, 401},
		{"the same address", "192.0.2.1:5", "192.0.2.1:6", false, 429},
		{"the same IPv6 line", "[2001:db8::1]:5", "[2001:db8::2]:5", false, 429},
		{"behind a proxy", "10.0.0.1:5 1.1.1.1, 192.0.2.1", "10.0.0.1:5 1.1.1.1, 192.0.2.2", true, 401},
		{"made-up address behind a proxy", "10.0.0.1:5 1.1.1.1, 192.0.2.1", "10.0.0.1:5 2.2.2.2, 192.0.2.1", true, 429},
		{"made-up address without a proxy", "192.0.2.1:5 1.1.1.1", "192.0.2.1:5 2.2.2.2", false, 429},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(o *httpapi.Options) {
				o.Limits = httpapi.Limits{PerSecond: 0.01, Burst: 1}
				o.TrustProxy = tt.trust
			}, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
				from := func(text string) apitest.Option {
					return func(r *http.Request) {
						var forwarded string
						r.RemoteAddr, forwarded, _ = strings.Cut(text, " ")
						r.Header.Set("X-Forwarded-For", forwarded)
					}
				}
				apitest.Do(t, h, "GET", "/v1/boxes", from(tt.first)).Want(t, 401, "request.unauthenticated")
				if got := apitest.Do(t, h, "GET", "/v1/boxes", from(tt.second)).Status; got != tt.status {
					t.Errorf("second request got %d, want %d", got, tt.status)
				}
			})
		})
	}
}

func TestSlowRequestIsGivenUp(t *testing.T) {
	each(t, func(o *httpapi.Options) { o.Limits.Timeout = 30 * time.Millisecond }, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
		a := apitest.Do(t, h, "POST", "/v1/slow").Want(t, 503, "request.timeout")
		if a.Header.Get("Retry-After") != "1" {
			t.Errorf("Retry-After %q, want 1", a.Header.Get("Retry-After"))
		}
	})
}

func TestRawBodiesHaveTheirOwnLimit(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
		a := apitest.Do(t, h, "POST", "/v1/photos", apitest.Raw("image/jpeg", make([]byte, 1000))).Want(t, 200, "")
		if a.At("version") != 1000.0 {
			t.Errorf("handler saw %v bytes, want 1000", a.At("version"))
		}
		apitest.Do(t, h, "POST", "/v1/photos", apitest.Raw("image/jpeg", make([]byte, 1001))).Want(t, 413, "request.too_large")
	})
}

func TestLargeTextIsCompressed(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
		zip := apitest.Header("Accept-Encoding", "gzip")
		for path, want := range map[string]string{"/v1/boxes?limit=100": "gzip", "/v1/boxes?limit=1": "", "/v1/boxes/a/label.pdf": "", "/docs": "gzip"} {
			r := httptest.NewRequest("GET", path, nil)
			apitest.As(staff)(r)
			zip(r)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if got := w.Header().Get("Content-Encoding"); w.Code != 200 || got != want {
				t.Errorf("%s: %d with encoding %q, want %q", path, w.Code, got, want)
			}
			if want == "gzip" {
				plain, err := gzip.NewReader(w.Body)
				if err != nil {
					t.Fatal(err)
				}
				if text, err := io.ReadAll(plain); err != nil || len(text) < 2000 {
					t.Errorf("%s: %d bytes, %v", path, len(text), err)
				}
			}
		}
	})
}

func TestStreams(t *testing.T) {
	log, logged := lines(slog.LevelInfo)
	each(t, func(o *httpapi.Options) { o.Log = log; o.Limits.Timeout = 50 * time.Millisecond }, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
		server := httptest.NewServer(h)
		defer server.Close()
		get := func(ctx context.Context, path string) (*http.Response, error) {
			r, err := http.NewRequestWithContext(ctx, "GET", server.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			apitest.As(staff)(r)
			r.Header.Set("Accept-Encoding", "gzip")
			return http.DefaultClient.Do(r)
		}
		t.Run("events arrive one by one and outlive the time limit", func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			answer, err := get(ctx, "/v1/live")
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			reader := bufio.NewReader(answer.Body)
			for _, want := range []string{"event: changed\n", "data: 0\n", "\n", "event: changed\n", "data: 1\n", "\n"} {
				if line, err := reader.ReadString('\n'); line != want || err != nil {
					t.Fatalf("read %q, %v, want %q", line, err, want)
				}
			}
			ended := make(chan error, 1)
			go func() { _, err := reader.ReadByte(); ended <- err }()
			select {
			case err := <-ended:
				t.Errorf("stream ended: %v", err)
			case <-time.After(150 * time.Millisecond):
			}
		})
		t.Run("an error before the first byte is a problem", func(t *testing.T) {
			apitest.Do(t, h, "GET", "/v1/boxes/a/label.pdf?fail=before", apitest.As(staff)).Want(t, 409, "box.taken")
		})
		t.Run("an error after it cuts the connection", func(t *testing.T) {
			answer, err := get(t.Context(), "/v1/boxes/a/label.pdf?fail=after")
			if err == nil {
				defer answer.Body.Close()
				_, err = io.ReadAll(answer.Body)
			}
			if err == nil {
				t.Error("half a file arrived as a whole one")
			}
			if !strings.Contains(logged.String(), "out of paper") {
				t.Errorf("not logged:\n%s", logged)
			}
		})
	})
}

func TestRequestIDIsTakenOverOnlyWhenHarmless(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
		for given, keep := range map[string]bool{"01HV7ABCDEF-x_y.z": true, "short": false, "with space in it": false, strings.Repeat("a", 65): false, "": false, "<script>alert": false} {
			got := apitest.Do(t, h, "GET", "/v1/boxes", apitest.As(staff), apitest.Header("X-Request-Id", given)).Header.Get("X-Request-Id")
			if (got == given) != keep || got == "" {
				t.Errorf("given %q, answered %q", given, got)
			}
		}
	})
}

func TestMeasuresAndLogNameRoutesAndNoPersons(t *testing.T) {
	log, logged := lines(slog.LevelDebug)
	var mu sync.Mutex
	var measures []httpapi.Measure
	each(t, func(o *httpapi.Options) {
		o.Log = log
		o.Metrics = func(ctx context.Context, m httpapi.Measure) {
			mu.Lock()
			defer mu.Unlock()
			measures = append(measures, m)
		}
	}, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
		measures = nil
		logged.Reset()
		apitest.Do(t, h, "DELETE", "/v1/boxes/li-na?q=%E6%9D%8E", apitest.As(staff))
		apitest.Do(t, h, "GET", "/v1/nothing/li-na")
		apitest.Do(t, h, "BREW", "/li-na")
		var got []string
		for _, m := range measures {
			got = append(got, m.Method+" "+m.Route)
			if m.Duration <= 0 || m.Status == 0 {
				t.Errorf("measure %+v is empty", m)
			}
		}
		if want := []string{"DELETE /v1/boxes/{id}", "GET none", "OTHER /"}; !slices.Equal(got, want) {
			t.Errorf("measured %q, want %q", got, want)
		}
		if strings.Contains(logged.String(), "li-na") || strings.Contains(logged.String(), "%E6") || !strings.Contains(logged.String(), "route=/v1/boxes/{id} status=204") {
			t.Errorf("logged:\n%s", logged)
		}
	})
}

func TestMountedHandlersShareTheWayInAndOut(t *testing.T) {
	a := httpapi.New(httpapi.Options{})
	a.Mount("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/panic" {
			panic("page")
		}
		_, _ = io.WriteString(w, "page")
	}))
	if got := apitest.Do(t, a.Handler(), "GET", "/orders/1"); string(got.Raw) != "page" || got.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("page: %s with %v", got.Raw, got.Header)
	}
	apitest.Do(t, a.Handler(), "GET", "/panic").Want(t, 500, "")
	apitest.Do(t, a.Handler(), "GET", "/v1/nothing").Want(t, 404, "request.no_route")
}

func TestStaleSessionDoesNotStopASignIn(t *testing.T) {
	each(t, func(o *httpapi.Options) {
		o.Identify = func(context.Context, *db.Tx, *http.Request) (actor.Actor, error) {
			return actor.Actor{Tenant: "test"}, httpapi.ErrUnauthenticated
		}
	}, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
		a := apitest.Do(t, h, "POST", "/v1/session").Want(t, 204, "")
		if !strings.HasPrefix(a.Header.Get("Set-Cookie"), httpapi.StaffCookie+"=") {
			t.Errorf("Set-Cookie %q", a.Header.Get("Set-Cookie"))
		}
		apitest.Do(t, h, "GET", "/v1/boxes").Want(t, 401, "request.unauthenticated")
	})
}
