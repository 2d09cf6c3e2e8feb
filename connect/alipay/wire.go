package alipay

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// success is the code of an answer to a request that was worked on.
const success = "10000"

// beijing is the clock of Alipay's timestamps, which has no summer time.
var beijing = time.FixedZone("Asia/Shanghai", 8*60*60)

const maxAnswer = 1 << 20

// call sends a request and reads the signed answer into one that holds a status.
func (p *Provider) call(ctx context.Context, method string, content, answer any) error {
	biz, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	form := url.Values{
		"app_id": {p.o.AppID}, "method": {method}, "format": {"JSON"}, "charset": {"utf-8"}, "sign_type": {"RSA2"},
		"timestamp": {time.Now().In(beijing).Format(time.DateTime)}, "version": {"1.0"}, "biz_content": {string(biz)},
	}
	signature, err := sign(p.private, toSign(form, "sign"))
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	form.Set("sign", signature)
	address := *p.gateway
	query := address.Query()
	query.Set("charset", "utf-8") // the gateway decodes the form by this
	address.RawQuery = query.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
	w, err := p.o.Client.Do(r)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	defer w.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(w.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if w.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: alipay answered %s", method, w.Status)
	}
	if err := p.open(raw, strings.ReplaceAll(method, ".", "_")+"_response", answer); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	return nil
}

// open checks the signature of an answer, which is over the very bytes of its
// node, and reads the node.
func (p *Provider) open(raw []byte, node string, answer any) error {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return errors.New("alipay's answer is not JSON")
	}
	content, ok := parts[node]
	if !ok {
		return unsigned(parts["error_response"])
	}
	var signature string
	if err := json.Unmarshal(parts["sign"], &signature); err != nil || signature == "" {
		return unsigned(content)
	}
	if !verify(p.public, string(content), signature) {
		return errors.New("the signature of alipay's answer is wrong")
	}
	if err := json.Unmarshal(content, answer); err != nil {
		return fmt.Errorf("alipay's answer: %w", err)
	}
	return nil
}

// unsigned makes an error of an answer that nobody signed: what the gateway
// says to an application that it does not know.
func unsigned(content json.RawMessage) error {
	var s status
	if err := json.Unmarshal(content, &s); err != nil || s.Code == "" {
		return errors.New("alipay's answer is not signed")
	}
	return fmt.Errorf("not signed: %w", s)
}

// toSign is the text over which parameters are signed: those with a value, by
// name, without the ones left out.
func toSign(form url.Values, without ...string) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if value := form.Get(name); value != "" && !slices.Contains(without, name) {
			all = append(all, name+"="+value)
		}
	}
	return strings.Join(all, "&")
}

func sign(key *rsa.PrivateKey, text string) (string, error) {
	sum := sha256.Sum256([]byte(text))
	raw, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	return base64.StdEncoding.EncodeToString(raw), err
}

func verify(key *rsa.PublicKey, text, signature string) bool {
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return false
	}
	sum := sha256.Sum256([]byte(text))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], raw) == nil
}
