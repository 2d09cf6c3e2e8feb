package e2e

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/role"
)

func badPhotos() []bad {
	send := func(what, kind string, content func(t *testing.T) []byte) bad {
		return bad{what, func(t *testing.T, w *world) string {
			return w.says(t, "POST", "/v1/my/photos", content(t), w.first.asCustomer(), header("Content-Type", kind))
		}}
	}
	fixed := func(b []byte) func(*testing.T) []byte { return func(*testing.T) []byte { return b } }
	return []bad{
		send("a text that calls itself a JPEG", "image/jpeg", fixed([]byte("this is no picture"))),
		send("nothing", "image/jpeg", fixed(nil)),
		send("a JPEG that is cut off", "image/jpeg", func(t *testing.T) []byte { all := photo(t); return all[:len(all)/2] }),
		send("a PNG of 30,000 × 30,000 pixels in 70 bytes", "image/png", fixed(bomb())),
		send("11 MiB", "image/jpeg", fixed(bytes.Repeat([]byte{0xff}, 11<<20))),
		send("a GIF", "image/gif", fixed([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"))),
		send("an SVG", "image/svg+xml", fixed([]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`))),
		send("a web page that calls itself a PNG", "image/png", fixed([]byte("<script>alert(1)</script>"))),
	}
}

// bomb is the head of a PNG that promises 900 million pixels.
func bomb() []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(name string, data []byte) {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(data)))
		sum := crc32.NewIEEE()
		for _, part := range [][]byte{[]byte(name), data} {
			b.Write(part)
			_, _ = sum.Write(part)
		}
		_ = binary.Write(&b, binary.BigEndian, sum.Sum32())
	}
	head := binary.BigEndian.AppendUint32(nil, 30000)
	head = binary.BigEndian.AppendUint32(head, 30000)
	chunk("IHDR", append(head, 8, 6, 0, 0, 0))
	chunk("IDAT", []byte{0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1})
	chunk("IEND", nil)
	return b.Bytes()
}

func badCallers() []bad {
	note := `{"action":"note","text":"hello"}`
	return []bad{
		{"nobody", func(t *testing.T, w *world) string { return w.says(t, "GET", "/v1/cases", nil) }},
		{"an API key that does not exist", func(t *testing.T, w *world) string {
			return w.says(t, "GET", "/v1/cases", nil, bearer("ak_00000000000000000000000000000000"))
		}},
		{"a session that does not exist", func(t *testing.T, w *world) string {
			return w.says(t, "GET", "/v1/cases", nil, cookie("aftercare_staff", "ses_00000000000000000000000000000000"))
		}},
		{"a customer at a route of staff", func(t *testing.T, w *world) string {
			return w.says(t, "GET", "/v1/cases", nil, w.first.asCustomer())
		}},
		{"an auditor who changes something", func(t *testing.T, w *world) string {
			return w.says(t, "POST", "/v1/cases/"+w.first.ids["cases"]+"/actions", note, w.first.as(role.Auditor), header("If-Match", "*"))
		}},
		{"a page of another site, by Sec-Fetch-Site", func(t *testing.T, w *world) string {
			return w.says(t, "POST", "/v1/cases/"+w.first.ids["cases"]+"/actions", note, w.first.as(role.Administrator), header("If-Match", "*"), header("Sec-Fetch-Site", "cross-site"))
		}},
		{"a page of another site, by Origin", func(t *testing.T, w *world) string {
			return w.says(t, "DELETE", "/v1/sessions", nil, w.first.as(role.Administrator), header("Origin", "https://elsewhere.example"))
		}},
		{"a wrong password", func(t *testing.T, w *world) string {
			return w.says(t, "POST", "/v1/session", map[string]any{"email": "agent@shop.example", "password": "not this one"})
		}},
		{"a staff password that everybody guesses", func(t *testing.T, w *world) string {
			return w.says(t, "POST", "/v1/staff", map[string]any{"email": "x@shop.example", "name": "X", "role": "agent", "language": "en", "password": "password1234"}, w.first.as(role.Administrator))
		}},
		{"a role that does not exist", func(t *testing.T, w *world) string {
			return w.says(t, "POST", "/v1/staff", map[string]any{"email": "x@shop.example", "name": "X", "role": "king", "language": "en", "password": password}, w.first.as(role.Administrator))
		}},
		{"a key that may make keys", func(t *testing.T, w *world) string {
			return w.says(t, "POST", "/v1/api-keys", map[string]any{"name": "x", "scopes": []string{"key.manage"}}, w.first.as(role.Administrator))
		}},
		{"a code for something that is no contact", func(t *testing.T, w *world) string {
			return w.says(t, "POST", "/v1/my/lookup", `{"order_number":"E2E-1001","contact":"nobody"}`)
		}},
		{"a wrong code", func(t *testing.T, w *world) string {
			made := w.must(t, "POST", "/v1/my/lookup", `{"order_number":"E2E-1004","contact":"emma.wilson@example.com"}`)
			return w.says(t, "POST", "/v1/my/session", map[string]any{"challenge": made.field("challenge"), "code": "x"})
		}},
		{"a forged link", func(t *testing.T, w *world) string {
			return w.says(t, "POST", "/v1/my/session", `{"link":"AAAAAGnMfCBbIm1haW4iXQ"}`)
		}},
		{"code and link at once", func(t *testing.T, w *world) string {
			return w.says(t, "POST", "/v1/my/session", `{"link":"a","challenge":"b","code":"c"}`)
		}},
		{"the seventh code for one contact", func(t *testing.T, w *world) string {
			return until(t, func() string {
				got := w.ask(t, "POST", "/v1/my/lookup", `{"order_number":"E2E-1009","contact":"flood@example.com"}`)
				if got.status < 400 {
					return ""
				}
				return w.says(t, "POST", "/v1/my/lookup", `{"order_number":"E2E-1009","contact":"flood@example.com"}`)
			})
		}},
		{"more requests than --rate-burst", func(t *testing.T, w *world) string {
			slow := &world{server: installation(t, ""), first: &party{}}
			slow.start(t, "--mail", "off", "--rate-limit", "1", "--rate-burst", "5")
			return until(t, func() string {
				got := slow.ask(t, "GET", "/v1/shop", nil)
				if got.status < 400 {
					return ""
				}
				return slow.says(t, "GET", "/v1/shop", nil)
			})
		}},
	}
}

// until repeats a request until it is answered with something else.
func until(t *testing.T, ask func() string) string {
	t.Helper()
	for range 200 {
		if said := ask(); said != "" {
			return said
		}
	}
	t.Error("200 requests were all answered")
	return ""
}

// cli runs the program and words what it says.
func (w *world) cli(t *testing.T, stdin string, environ []string, args ...string) string {
	t.Helper()
	status, _, stderr := command(t, w.bin, stdin, environ, args...)
	lines := strings.Split(strings.TrimSpace(stderr), "\n")
	said := lines[len(lines)-1]
	if status == 0 || !strings.HasPrefix(said, "aftercare: ") {
		t.Errorf("aftercare %v: status %d and %q", args, status, stderr)
	}
	return steady(fmt.Sprintf("status %d: %s", status, strings.TrimPrefix(said, "aftercare: ")), w)
}
