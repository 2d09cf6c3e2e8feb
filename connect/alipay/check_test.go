package alipay_test

import (
	"strings"
	"testing"

	"github.com/aftercare/aftercare/connect/alipay"
	"github.com/aftercare/aftercare/connect/paytest"
)

func TestTryingAnAccountTellsRightKeysFromWrongOnes(t *testing.T) {
	s := newServer(t)
	if who, no, err := open(t, s, func(*alipay.Options) {}).Check(t.Context()); who != app || no != "" || err != nil {
		t.Errorf("right keys: %q %q %v", who, no, err)
	}
	if _, no, err := open(t, s, func(o *alipay.Options) { o.PrivateKey = paytest.Private(forgerKey) }).Check(t.Context()); !strings.Contains(no, "isv.invalid-signature") || err != nil {
		t.Errorf("another key of the application: %q %v, want a refusal", no, err)
	}
	if _, no, err := open(t, s, func(o *alipay.Options) { o.AppID = "2021000000000999" }).Check(t.Context()); !strings.Contains(no, "isv.invalid-app-id") || err != nil {
		t.Errorf("an unknown application: %q %v, want a refusal", no, err)
	}
	if _, no, err := open(t, s, func(o *alipay.Options) { o.PublicKey = paytest.Public(forgerKey) }).Check(t.Context()); no != "" || err == nil {
		t.Errorf("another key of Alipay: %q %v, want no clear answer", no, err)
	}
}
