package carrier

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/goods/shipment"
)

// Wire sends requests to one carrier. Redirects are not followed, because a
// request carries our keys; an answer of more than a MiB is cut off.
type Wire struct {
	Base string
	HTTP *http.Client
	Sign func(*http.Request)
}

const mostAnswer = 1 << 20

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Wait   time.Duration // of Retry-After
}

// JSON sends a value.
func (w *Wire) JSON(ctx context.Context, method, path string, header http.Header, value any) (Answer, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return Answer{}, err
	}
	header = header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/json")
	return w.Call(ctx, method, path, header, body)
}

// Call sends one request. An answer that asks for patience, or tells of trouble
// at the carrier's, is an error: what became of the request is not known.
func (w *Wire) Call(ctx context.Context, method, path string, header http.Header, body []byte) (Answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(w.Base, "/")+path, bytes.NewReader(body))
	if err != nil {
		return Answer{}, fmt.Errorf("asking the carrier: %w", err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	r.Header.Set("Accept", "application/json")
	if w.Sign != nil {
		w.Sign(r)
	}
	response, err := w.client().Do(r)
	if err != nil {
		return Answer{}, fmt.Errorf("asking the carrier: %w", private(err))
	}
	defer response.Body.Close()
	a := Answer{Status: response.StatusCode, Header: response.Header, Wait: wait(response.Header.Get("Retry-After"))}
	if a.Body, err = io.ReadAll(io.LimitReader(response.Body, mostAnswer+1)); err != nil {
		return Answer{}, fmt.Errorf("reading the carrier's answer: %w", err)
	}
	if len(a.Body) > mostAnswer {
		return Answer{}, errors.New("the carrier's answer is too long")
	}
	if a.Status == http.StatusTooManyRequests || a.Status >= 500 && a.Status != http.StatusNotImplemented {
		return Answer{}, &shipment.Slow{Err: a.Unexpected(), Until: a.Wait}
	}
	return a, nil
}

func (w *Wire) client() *http.Client {
	c := http.Client{Timeout: 30 * time.Second}
	if w.HTTP != nil {
		c = *w.HTTP
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// private keeps addresses out of logs: they may hold keys and numbers.
func private(err error) error {
	var u interface{ Unwrap() error }
	if errors.As(err, &u) && u.Unwrap() != nil {
		return u.Unwrap()
	}
	return err
}

// wait reads seconds or a date; the latter is taken against the present time.
func wait(text string) time.Duration {
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 86400)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

// Into decodes the body.
func (a Answer) Into(v any) error {
	if err := json.Unmarshal(a.Body, v); err != nil {
		return fmt.Errorf("the carrier's answer: %w", err)
	}
	return nil
}

// Unexpected is the error of a status that the protocol does not have.
func (a Answer) Unexpected() error {
	return fmt.Errorf("the carrier answers %d", a.Status)
}

// Refusal reads a status of 409 or 422 as the carrier's no, with the reason of
// the body; anything else is unexpected.
func (a Answer) Refusal() error {
	if a.Status != http.StatusConflict && a.Status != http.StatusUnprocessableEntity {
		return a.Unexpected()
	}
	var body struct {
		Reason string `json:"reason"`
	}
	_ = json.Unmarshal(a.Body, &body) // a no without words is a no
	return &shipment.Declined{Reason: body.Reason}
}
