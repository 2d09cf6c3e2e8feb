package merchant_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"strings"
	"testing"
)

func rsaKeys(t *testing.T) (private, public string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := x509.MarshalPKCS8PrivateKey(key)
	b, _ := x509.MarshalPKIXPublicKey(&key.PublicKey)
	return base64.StdEncoding.EncodeToString(a), base64.StdEncoding.EncodeToString(b)
}

func TestWhatIsWrongIsSaidAtItsFieldAndNotRepeated(t *testing.T) {
	ours, own := rsaKeys(t)
	_, theirs := rsaKeys(t)
	type texts = map[string]string
	tests := []struct {
		name, provider    string
		settings, secrets texts
		field             string // empty: it is taken
	}{
		{"alipay", "alipay", texts{"app_id": "2021000000000001", "public_key": theirs, "sandbox": "true"}, texts{"private_key": ours}, ""},
		{"no private key", "alipay", texts{"app_id": "2021000000000001", "public_key": theirs}, texts{"private_key": "geheim"}, "body.secrets.private_key"},
		{"one's own public key", "alipay", texts{"app_id": "2021000000000001", "public_key": own}, texts{"private_key": ours}, "body.settings.public_key"},
		{"a name in place of a number", "alipay", texts{"app_id": "geheim", "public_key": theirs}, texts{"private_key": ours}, "body.settings.app_id"},
		{"neither yes nor no", "alipay", texts{"app_id": "2021000000000001", "public_key": theirs, "sandbox": "geheim"}, texts{"private_key": ours}, "body.settings.sandbox"},
		{"a secret among the settings", "alipay", texts{"app_id": "2021000000000001", "public_key": theirs, "private_key": "geheim"}, texts{"private_key": ours}, "body.settings"},
		{"wechatpay", "wechatpay", texts{"mchid": "1900009191", "serial": "1DDE55AD98ED71D6", "public_key": theirs, "public_key_id": "PUB_KEY_ID_1"}, texts{"private_key": ours, "api_v3_key": strings.Repeat("a", 32)}, ""},
		{"a short key of messages", "wechatpay", texts{"mchid": "1900009191", "serial": "1DDE55AD98ED71D6", "public_key": theirs, "public_key_id": "PUB_KEY_ID_1"}, texts{"private_key": ours, "api_v3_key": "geheim"}, "body.secrets.api_v3_key"},
		{"no serial number", "wechatpay", texts{"mchid": "1900009191", "public_key": theirs, "public_key_id": "PUB_KEY_ID_1"}, texts{"private_key": ours, "api_v3_key": strings.Repeat("a", 32)}, "body.settings.serial"},
		{"stripe", "stripe", nil, texts{"key": "rk_live_1"}, ""},
		{"a key for browsers", "stripe", nil, texts{"key": "pk_geheim"}, "body.secrets.key"},
		{"no secret of messages", "stripe", nil, texts{"key": "rk_live_1", "webhook_secret": "geheim"}, "body.secrets.webhook_secret"},
		{"easypost", "easypost", texts{"names": "USPS, UPS", "grams": "500"}, texts{"key": "EZ1"}, ""},
		{"a weight in words", "easypost", texts{"grams": "geheim"}, texts{"key": "EZ1"}, "body.settings.grams"},
		{"a carrier", "generic", texts{"url": "https://carrier.example/v1", "names": "*"}, nil, ""},
		{"a carrier without anything", "generic", nil, nil, "body.settings.url"},
		{"no address", "generic", texts{"url": "file:///geheim"}, nil, "body.settings.url"},
		{"a carrier's secret", "generic", nil, texts{"webhook_secret": "geheim"}, "body.secrets.webhook_secret"},
		{"nobody", "paypal", nil, nil, "body.provider"},
	}
	each(t, func(x *house) {
		by := x.admin("red", true)
		for _, test := range tests {
			body := map[string]any{"provider": test.provider, "name": test.name, "settings": test.settings, "secrets": test.secrets}
			got := x.do(by, "POST", "/v1/accounts", body)
			if test.field == "" {
				got.Want(t, 201, "")
				continue
			}
			got.Want(t, 422, "merchant.invalid")
			if got.Text("errors.0.field") != test.field || strings.Contains(string(got.Raw), "geheim") {
				t.Errorf("%s: %s, want %s and no secret", test.name, got.Raw, test.field)
			}
		}
	})
}
