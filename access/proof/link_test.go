package proof_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/secret"
)

func TestALinkSignsInUntilItExpires(t *testing.T) {
	each(t, false, func(h house) {
		link := h.s.Link("blue", "cus_lin", "ord_a1", noon.Add(time.Hour))
		follow := func(host, link string) apitest.Answer {
			return h.post(host, "/v1/my/session", map[string]string{"link": link})
		}
		for range 2 { // mail programs open links first
			if a := follow("blue", link).Want(h, 200, ""); a.Text("customer.id") != "cus_lin" || a.Text("order") != "ord_a1" {
				h.Errorf("signed in as %s", a.Raw)
			}
		}
		swapped := []byte(link)
		swapped[20] ^= 1
		other, _ := secret.New(bytes.Repeat([]byte{8}, secret.Size))
		payload, _ := json.Marshal([]string{"blue", "cus_lin", "ord_a1"})
		mine, _ := secret.New(bytes.Repeat([]byte{7}, secret.Size))
		for name, bad := range map[string]string{
			"changed":             string(swapped),
			"cut":                 link[:len(link)-2],
			"nonsense":            "x",
			"another key":         other.Sign("proof.link", string(payload), noon.Add(time.Hour)),
			"another purpose":     mine.Sign("photo.link", string(payload), noon.Add(time.Hour)),
			"customer is unknown": h.s.Link("blue", "cus_gone", "ord_a1", noon.Add(time.Hour)),
			"nobody":              h.s.Link("blue", "", "ord_a1", noon.Add(time.Hour)),
			"another tenant":      h.s.Link("red", "cus_rot", "ord_r1", noon.Add(time.Hour)),
			"ids of both tenants": h.s.Link("red", "cus_lin", "ord_a1", noon.Add(time.Hour)),
		} {
			if a := follow("blue", bad); a.Status != 401 || a.Code() != "proof.link" {
				h.Errorf("%s: %d %s", name, a.Status, a.Raw)
			}
		}
		follow("red", link).Want(h, 401, "proof.link")
		h.clock.Add(time.Hour)
		follow("blue", link).Want(h, 401, "proof.link_expired")
	})
}
