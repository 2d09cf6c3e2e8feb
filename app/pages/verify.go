package pages

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
)

// alone lets a page run the script and the style it holds itself, and reach
// nothing else: not even this server.
func alone(page []byte) string {
	return "default-src 'none'; script-src " + inline(page, "script") + "; style-src " + inline(page, "style") +
		"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// inline is the digest of the first element of a kind, as a policy names it.
func inline(page []byte, tag string) string {
	_, rest, _ := bytes.Cut(page, []byte("<"+tag+">"))
	content, _, ok := bytes.Cut(rest, []byte("</"+tag+">"))
	if !ok {
		return "'none'"
	}
	return digest(content)
}

// digest names a content that a policy allows.
func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
