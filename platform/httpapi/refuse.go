package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aftercare/aftercare/base/fault"
)

// configure sets the package variables of huma that make its refusals ours and
// its schemas exact. They can be set nowhere else, because huma reads them and
// not its configuration. Setting them once, before the first API exists, means
// that no request can be reading them at the time.
var configure = sync.OnceFunc(func() {
	huma.NewErrorWithContext = translate
	huma.NewError = func(status int, _ string, _ ...error) huma.StatusError {
		return &Problem{Type: "about:blank", Status: status, Title: http.StatusText(status)}
	}
	huma.DefaultArrayNullable = false // a list is [], never null
	huma.ValidateStrictCasing = true  // "Line" is not "line"
})

// translate words what huma found wrong with a request.
func translate(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
	x := from(ctx.Context())
	if x == nil {
		return huma.NewError(status, message, errs...)
	}
	return x.problem(found(ctx.Operation(), status, message, errs))
}

func found(op *huma.Operation, status int, message string, errs []error) error {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return ErrTooLarge.With("limit", op.MaxBodyBytes-1)
	case http.StatusUnsupportedMediaType:
		return ErrMediaType.With("accepted", "application/json")
	case http.StatusRequestTimeout:
		return ErrSlow
	case http.StatusBadRequest:
		return malformed(errs)
	case http.StatusUnprocessableEntity:
		return invalid(errs)
	}
	err := errors.Join(errs...)
	if f := refusal(err); f != nil {
		return f
	}
	if message == "cannot read request body" {
		return ErrMalformed.Because("The body ended early.")
	}
	return errors.Join(errors.New(message), err)
}

// malformed finds the place where the JSON breaks. huma keeps the text of the
// parser's error only, so the body it quotes is read again.
func malformed(errs []error) error {
	for _, err := range errs {
		detail, ok := err.(*huma.ErrorDetail)
		if !ok {
			continue
		}
		body, _ := detail.Value.(string)
		var any json.RawMessage
		var syntax *json.SyntaxError
		if errors.As(json.Unmarshal([]byte(body), &any), &syntax) {
			return ErrMalformed.Because("The body is not JSON: "+syntax.Error()+".").With("offset", syntax.Offset)
		}
		return ErrMalformed.Because("The body is not accepted: " + detail.Message + ".")
	}
	return ErrMalformed.Because("A body is required.")
}

// invalid lists the wrong fields. Values are not repeated: they may be
// personal, and the client knows them.
func invalid(errs []error) error {
	f := ErrInvalid
	for _, err := range errs {
		var own *fault.Fault
		if errors.As(err, &own) {
			return own
		}
		detail, ok := err.(*huma.ErrorDetail)
		if !ok {
			f = f.At("", err.Error(), "")
			continue
		}
		f = f.At(field(detail))
	}
	return f
}

func field(d *huma.ErrorDetail) (path, message, expected string) {
	path = strings.TrimPrefix(strings.TrimPrefix(d.Location, "body"), ".")
	if name, ok := strings.CutPrefix(d.Message, "expected required property "); ok {
		name = strings.TrimSuffix(name, " to be present")
		if path != "" {
			path += "."
		}
		return path + name, "is required", ""
	}
	if d.Message == "unexpected property" {
		return path, "is not known", ""
	}
	if want, ok := strings.CutPrefix(d.Message, "expected "); ok {
		return path, "is not accepted", want
	}
	if name, ok := strings.CutPrefix(d.Message, tooLarge); ok { // from unmarshal: huma names no place then
		return name, "does not fit", "a value of the documented type and range"
	}
	return path, d.Message, ""
}
