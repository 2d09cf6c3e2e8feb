package doctor_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/doctor"
)

func TestPaymentSettingsAreLookedAtWithoutCallingAnybody(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	private := func() (string, string) {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		one, _ := x509.MarshalPKCS8PrivateKey(key)
		other, _ := x509.MarshalPKIXPublicKey(&key.PublicKey)
		return base64.StdEncoding.EncodeToString(one), base64.StdEncoding.EncodeToString(other)
	}
	ours, _ := private()
	_, theirs := private()
	key, public, broken := write("key", ours), write("public", theirs), write("broken", "geheim")
	alipay := []string{"--alipay-app-id", "2021000000000001", "--alipay-private-key-file", key, "--alipay-public-key-file", public}
	wechat := []string{"--wechatpay-mchid", "1900009191", "--wechatpay-serial", "1DDE55AD98ED71D6", "--wechatpay-private-key-file", key,
		"--wechatpay-api-v3-key", strings.Repeat("k", 32), "--wechatpay-public-key-id", "PUB_KEY_ID_1", "--wechatpay-public-key-file", public}
	tests := []struct {
		name   string
		args   []string
		status doctor.Status
		text   string
	}{
		{"nothing is set", nil, doctor.OK, "no payment company"},
		{"all is well", append(alipay, "--base-url", "https://care.example"), doctor.OK, "alipay: settings and keys can be read"},
		{"a broken key", []string{"--alipay-app-id", "2021000000000001", "--alipay-private-key-file", broken, "--alipay-public-key-file", public}, doctor.Fail, "private key"},
		{"no secret of webhooks", []string{"--stripe-key", "sk_test_geheim"}, doctor.Warn, "no webhook secret"},
		{"a key that is none", []string{"--stripe-key", "geheim"}, doctor.Fail, "secret key"},
		{"no https", wechat, doctor.Warn, "base_url is not https"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, found := examine(t, settings(t, append(test.args, "--data", t.TempDir())...), app.Schemas())
			expect(t, found, "payments", test.status, test.text)
			if strings.Contains(fmt.Sprint(found), "geheim") {
				t.Errorf("it shows a secret: %+v", found["payments"])
			}
		})
	}
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	_, found := examine(t, settings(t, append(alipay, "--data", t.TempDir())...), app.Schemas())
	expect(t, found, "payments", doctor.Warn, "open to other users")
}
