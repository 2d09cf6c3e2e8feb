package e2e

import (
	"encoding/base64"
	"io"
	"mime/quotedprintable"
	"strings"
)

// decoded undoes a Content-Transfer-Encoding.
func decoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	}
	return body
}
