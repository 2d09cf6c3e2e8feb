package wechatpay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
)

const maxAnswer = 1 << 20

// problem is a refusal that WeChat Pay has signed.
type problem struct {
	status        int
	code, message string
}

func (p *problem) Error() string {
	return fmt.Sprintf("wechatpay answered %d %s: %s", p.status, p.code, p.message)
}

// unsigned is the status of an answer that nobody signed.
type unsigned int

func (u unsigned) Error() string {
	return fmt.Sprintf("wechatpay answered %d and did not sign it", int(u))
}

// call sends a signed request and reads the answer, the signature of which has
// been checked. Tencent's client checks those of successes only; a refusal
// decides as much, so it is checked here.
func (p *Provider) call(ctx context.Context, method, path string, body, answer any) error {
	result, err := p.api.Request(ctx, method, p.o.Endpoint+path, nil, nil, body, "application/json")
	if result != nil && result.Response != nil {
		defer func() { _ = result.Response.Body.Close() }() // read to its end, by now in memory
	}
	var refusal *core.APIError
	if errors.As(err, &refusal) {
		if err := p.answers.Validate(ctx, result.Response); err != nil {
			return unsigned(refusal.StatusCode)
		}
		return &problem{refusal.StatusCode, refusal.Code, refusal.Message}
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	raw, err := io.ReadAll(result.Response.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if err := json.Unmarshal(raw, answer); err != nil {
		return fmt.Errorf("wechatpay's answer: %w", err)
	}
	return nil
}

// limited is a transport that reads no answer without end.
type limited struct{ http.RoundTripper }

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	w, err := l.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	w.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(w.Body, maxAnswer), w.Body}
	return w, nil
}

// request dresses a message up as Tencent's client reads it.
func request(ctx context.Context, header http.Header, body []byte) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "/", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header = header
	return r, nil
}
