package httpapi

import (
	"net/http"

	"github.com/aftercare/aftercare/base/fault"
)

// The refusals that HTTP itself makes necessary.
var (
	ErrNoRoute         = fault.New(fault.Missing, "request.no_route", "There is nothing at this address.")
	ErrMethod          = fault.New(fault.Invalid, "request.method", "This address does not know the method.")
	ErrMalformed       = fault.New(fault.Invalid, "request.malformed", "The request cannot be read.")
	ErrInvalid         = fault.New(fault.Invalid, "request.invalid", "The request has values that are not accepted.")
	ErrTooLarge        = fault.New(fault.Invalid, "request.too_large", "The request body is too large.")
	ErrMediaType       = fault.New(fault.Invalid, "request.media_type", "The type of the request body is not accepted.")
	ErrSlow            = fault.New(fault.Busy, "request.slow", "The request body took too long to arrive.")
	ErrPrecondition    = fault.New(fault.Stale, "request.precondition_required", "The change must name the version it is based on in If-Match.")
	ErrUnauthenticated = fault.New(fault.Unauthenticated, "request.unauthenticated", "Sign in or send an API key.")
	ErrDenied          = fault.New(fault.Denied, "request.denied", "Your role does not allow this.")
	ErrCrossSite       = fault.New(fault.Denied, "request.cross_site", "The request comes from another site.")
	ErrLimited         = fault.New(fault.Limited, "request.limited", "Too many requests. Wait a moment.")
	ErrTimeout         = fault.New(fault.Busy, "request.timeout", "The request took too long and was given up.")
	ErrGone            = fault.New(fault.Invalid, "request.abandoned", "The client went away before the answer.")
	ErrCursor          = fault.New(fault.Invalid, "request.cursor", "The cursor is not one that this list gave.")
	ErrKey             = fault.New(fault.Invalid, "request.idempotency_key", "An idempotency key has 1 to 128 visible ASCII characters.")
	ErrKeyConflict     = fault.New(fault.Conflict, "request.idempotency_conflict", "The idempotency key was used for another request.")
	ErrKeySpent        = fault.New(fault.Conflict, "request.idempotency_spent", "The request was done before; its answer is secret and shown only once.")
)

// exact are the statuses that say more than the kind of fault does.
var exact = map[string]int{
	ErrMethod.Code:       http.StatusMethodNotAllowed,
	ErrMalformed.Code:    http.StatusBadRequest,
	ErrTooLarge.Code:     http.StatusRequestEntityTooLarge,
	ErrMediaType.Code:    http.StatusUnsupportedMediaType,
	ErrSlow.Code:         http.StatusRequestTimeout,
	ErrPrecondition.Code: http.StatusPreconditionRequired,
	ErrGone.Code:         499, // as nginx has it; only logs and measures see it
}

var byKind = map[fault.Kind]int{
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Denied:          http.StatusForbidden,
	fault.Missing:         http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Stale:           http.StatusPreconditionFailed,
	fault.Limited:         http.StatusTooManyRequests,
	fault.Busy:            http.StatusServiceUnavailable,
}

// Status is the HTTP status of a fault.
func Status(f *fault.Fault) int {
	if status, ok := exact[f.Code]; ok {
		return status
	}
	if status, ok := byKind[f.Kind]; ok {
		return status
	}
	return http.StatusInternalServerError
}
