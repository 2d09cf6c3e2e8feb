package httpapi

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aftercare/aftercare/base/locale"
)

// Lang is embedded in inputs of routes whose answers contain texts.
type Lang struct {
	AcceptLanguage string `header:"Accept-Language" doc:"Language of texts in the answer: zh-CN, zh-TW or en; customers' texts also in ja, ko, es, fr, de, pt-BR, ru and ar, where what is missing is English."`
}

// Language is the best of locale.Readable for the request.
func (l Lang) Language() string { return locale.Read(l.AcceptLanguage) }

// IfMatch is embedded in inputs of routes that change a version of something.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"Version the change is based on, as the ETag of the last answer: \"7\". * changes any version."`
}

// Version is the version that the client has seen; 0 for "*". It fails with
// ErrPrecondition when the client named none.
func (m IfMatch) Version() (int64, error) {
	switch m.IfMatch {
	case "":
		return 0, ErrPrecondition
	case "*":
		return 0, nil
	}
	tag := strings.TrimPrefix(m.IfMatch, "W/") // compressing proxies weaken the tags they pass on
	version, err := strconv.ParseInt(strings.Trim(tag, `"`), 10, 64)
	if err != nil || version < 1 || tag != ETag(version) {
		return 0, ErrInvalid.At("header.If-Match", "is not a version", `"7" or *`)
	}
	return version, nil
}

// ETag is how a version looks in the header of that name.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// Client is embedded in inputs of routes that record where a request came from.
type Client struct {
	Address string // IP address
	Agent   string // User-Agent, at most 256 bytes
}

// Resolve is called by huma when the input is decoded.
func (c *Client) Resolve(ctx huma.Context) []error {
	if x := from(ctx.Context()); x != nil {
		c.Address = x.address()
	}
	c.Agent = strings.ToValidUTF8(ctx.Header("User-Agent"), "")
	if len(c.Agent) > 256 {
		c.Agent = strings.ToValidUTF8(c.Agent[:256], "")
	}
	return nil
}

// Page is embedded in inputs of lists.
type Page struct {
	Cursor string `query:"cursor" maxLength:"1024" doc:"Value of next of the page before; empty for the first page."`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"Entries of a page at most."`
}

// PageByID reads one page of a list that is in the order of its ids: read is
// given the id of the last entry seen, empty at first, and how many to read at
// most. It returns the entries of the page and the cursor of the next one, which
// is empty at the end.
func PageByID[T any](p Page, id func(T) string, read func(after string, limit int) ([]T, error)) ([]T, string, error) {
	var after string
	if err := DecodeCursor(p.Cursor, &after); err != nil {
		return nil, "", err
	}
	all, err := read(after, p.Limit+1) // one more tells that there is more
	if err != nil || len(all) <= p.Limit {
		return all, "", err
	}
	all = all[:p.Limit]
	return all, EncodeCursor(id(all[p.Limit-1])), nil
}

// EncodeCursor makes the opaque place in a list from the sort keys of the last
// entry. Values that are not JSON are a bug and panic.
func EncodeCursor(parts ...any) string {
	raw, err := json.Marshal(parts)
	if err != nil {
		panic("httpapi: cursor: " + err.Error())
	}
	raw = binary.BigEndian.AppendUint32(raw, crc32.ChecksumIEEE(raw))
	return base64.RawURLEncoding.EncodeToString(raw)
}

// DecodeCursor reads a cursor into pointers to the same types. An empty cursor
// leaves them as they are; one that EncodeCursor has not made is ErrCursor. A
// cursor is a place and no secret: it gives no access to anything.
func DecodeCursor(cursor string, parts ...any) error {
	if cursor == "" {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(raw) < 4 {
		return ErrCursor
	}
	text, sum := raw[:len(raw)-4], raw[len(raw)-4:]
	if crc32.ChecksumIEEE(text) != binary.BigEndian.Uint32(sum) {
		return ErrCursor
	}
	var each []json.RawMessage
	if json.Unmarshal(text, &each) != nil || len(each) != len(parts) {
		return ErrCursor
	}
	for i, part := range parts {
		dec := json.NewDecoder(bytes.NewReader(each[i]))
		if dec.Decode(part) != nil {
			return ErrCursor
		}
	}
	return nil
}
