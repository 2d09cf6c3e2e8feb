package kuaidi100

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// Check asks about a number that no parcel has: that nothing is known of it is
// the right answer. no is 快递100's refusal of the signature or the account; an
// error means that there was no clear answer.
func (a *Adapter) Check(ctx context.Context) (who, no string, err error) {
	param, err := json.Marshal(map[string]string{"com": "yuantong", "num": "AFTERCARETEST", "resultv2": "4", "show": "0"})
	if err != nil {
		return "", "", err
	}
	header, body := form(url.Values{"customer": {a.o.Customer}, "param": {string(param)}, "sign": {sign(string(param), a.o.Key, a.o.Customer)}})
	answer, err := a.wire.Call(ctx, http.MethodPost, "/poll/query.do", header, body)
	if err != nil {
		return "", "", err
	}
	var out result
	if err := answer.Into(&out); err != nil {
		return "", "", err
	}
	switch out.ReturnCode {
	case "503", "601", "600", "501", "502": // signature, key, no right to ask
		return "", fmt.Sprintf("快递100 %s %s", out.ReturnCode, out.Message), nil
	case "", "200", "400", "408", "500": // asked and answered
		return a.o.Customer, "", nil
	}
	return "", "", fmt.Errorf("快递100 answers %s %s", out.ReturnCode, out.Message)
}
