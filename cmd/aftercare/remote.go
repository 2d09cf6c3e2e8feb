package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/base/locale"
)

const (
	serverEnv = "AFTERCARE_SERVER"
	keyEnv    = "AFTERCARE_KEY"
)

// remote is a running server that a command asks over HTTP.
type remote struct {
	url, key, lang string
	host           string // of the shop, where the address does not say it
	web            *http.Client
}

// unreachable is a server that gave no answer, or none that it should give.
type unreachable struct{ error }

func (u unreachable) Unwrap() error { return u.error }

// remoteFlags adds the flags to find a server.
func remoteFlags(cmd *cobra.Command) {
	cmd.Flags().String("server", "", "address of the server (default: "+serverEnv+", else http://127.0.0.1:8080)")
	cmd.Flags().String("host", "", "host name of the shop, where one installation serves several and the address does not say which")
	cmd.Flags().String("key", "", "API key (default: "+keyEnv+"; \"aftercare key create\" makes one)")
	cmd.Flags().String("lang", "en", "language of texts: "+strings.Join(locale.Languages, ", "))
	_ = cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(locale.Languages, cobra.ShellCompDirectiveNoFileComp))
}

func (p *program) remote(cmd *cobra.Command) (*remote, error) {
	given := func(flag, name string) string {
		if v, _ := cmd.Flags().GetString(flag); v != "" {
			return v
		}
		for _, one := range slices.Backward(p.environ) {
			if v, ok := strings.CutPrefix(one, name+"="); ok {
				return v
			}
		}
		return ""
	}
	r := &remote{url: strings.TrimSuffix(given("server", serverEnv), "/"), key: given("key", keyEnv), web: &http.Client{Timeout: time.Minute}}
	if r.url == "" {
		r.url = "http://127.0.0.1:8080"
	}
	if u, err := url.Parse(r.url); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, usage("--server is %q: write http://host:port or https://host", r.url)
	}
	if r.key == "" {
		return nil, usage("no API key: give --key or %s (\"aftercare key create NAME --role supervisor\" makes one)", keyEnv)
	}
	r.host, _ = cmd.Flags().GetString("host")
	r.lang, _ = cmd.Flags().GetString("lang")
	if !slices.Contains(locale.Languages, r.lang) {
		return nil, usage("--lang is %q: write %s", r.lang, strings.Join(locale.Languages, ", "))
	}
	return r, nil
}

// ask sends a request and decodes the answer into out, unless that is nil; raw
// is the answer as it came. A refusal becomes the fault that the problem
// document tells.
func (r *remote) ask(ctx context.Context, method, path string, body, out any, headers ...string) (raw []byte, err error) {
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.url+path, content)
	if err != nil {
		return nil, usage("the request cannot be made: %s", err)
	}
	req.Host = r.host // empty: as in the address
	req.Header.Set("Authorization", "Bearer "+r.key)
	req.Header.Set("Accept-Language", r.lang)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", id.New("cli"))
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := r.web.Do(req)
	if err != nil {
		return nil, unreachable{fmt.Errorf("the server does not answer: %w", err)}
	}
	defer resp.Body.Close()
	if raw, err = io.ReadAll(resp.Body); err != nil {
		return nil, unreachable{fmt.Errorf("the answer broke off: %w", err)}
	}
	if resp.StatusCode >= 300 {
		return raw, refused(resp.StatusCode, raw)
	}
	if out == nil {
		return raw, nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return raw, unreachable{fmt.Errorf("%s answered something else than Aftercare would (is the address right?): %w", r.url, err)}
	}
	return raw, nil
}

// refused reads a problem document.
func refused(status int, raw []byte) error {
	var problem struct {
		Code, Title, Detail string
		Errors              []fault.Field
	}
	if json.Unmarshal(raw, &problem) != nil || problem.Code == "" {
		return unreachable{fmt.Errorf("the server answered %s", strconv.Itoa(status)+" "+http.StatusText(status))}
	}
	return &fault.Fault{Code: problem.Code, Title: problem.Title, Detail: problem.Detail, Fields: problem.Errors}
}
