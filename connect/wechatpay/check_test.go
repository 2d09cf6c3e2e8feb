package wechatpay_test

import (
	"testing"

	"github.com/aftercare/aftercare/connect/wechatpay"
)

func TestTryingAnAccountTellsRightKeysFromWrongOnes(t *testing.T) {
	s := newServer(t)
	if who, no, err := open(t, s, func(*wechatpay.Options) {}).Check(t.Context()); who != merchant || no != "" || err != nil {
		t.Errorf("right keys: %q %q %v", who, no, err)
	}
	if _, no, err := open(t, s, func(o *wechatpay.Options) { o.PrivateKey = private(forgerKey) }).Check(t.Context()); no == "" || err != nil {
		t.Errorf("another key of the merchant: %q %v, want a refusal", no, err)
	}
	if _, no, err := open(t, s, func(o *wechatpay.Options) { o.PublicKey = public(forgerKey) }).Check(t.Context()); no != "" || err == nil {
		t.Errorf("another key of WeChat Pay: %q %v, want no clear answer", no, err)
	}
}
