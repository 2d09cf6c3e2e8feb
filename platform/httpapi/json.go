package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/danielgtaylor/huma/v2"
)

// format reads and writes JSON. What a Write with a key encoded for keeping is
// sent as it is, and so is a kept answer.
var format = huma.Format{Marshal: marshal, Unmarshal: unmarshal}

// verbatim is JSON that was encoded before.
type verbatim []byte

func marshal(w io.Writer, v any) error {
	var err error
	switch v := v.(type) {
	case verbatim:
		_, err = w.Write(v)
	case *replay:
		_, err = w.Write(v.body)
	default:
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		err = enc.Encode(v)
	}
	if x, ok := w.(*exchange); ok && x.broken != nil {
		return nil // the client is gone: nobody is left to tell
	}
	return err
}

// tooLarge marks a value that its Go type cannot hold; field reads the rest.
const tooLarge = "does not fit: "

func unmarshal(data []byte, v any) error {
	if at := nul(data); at >= 0 {
		return fmt.Errorf("the character U+0000 at offset %d is not accepted", at)
	}
	err := json.Unmarshal(data, v)
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return errors.New(tooLarge + kind.Field)
	}
	return err
}

// nul finds an escaped U+0000, which PostgreSQL cannot store, or -1.
func nul(data []byte) int {
	for from := 0; ; {
		i := bytes.Index(data[from:], []byte(`\u0000`))
		if i < 0 {
			return -1
		}
		i += from
		slashes := 0
		for i-slashes > 0 && data[i-slashes-1] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i
		}
		from = i + 1
	}
}

// written replaces a body that was already encoded by its bytes.
func written(ctx huma.Context, _ string, v any) (any, error) {
	if x := from(ctx.Context()); x != nil && x.answer != nil {
		return verbatim(x.answer), nil
	}
	return v, nil
}
