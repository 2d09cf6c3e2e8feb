package httpapi

import (
	"errors"
	"hash"
	"io"
	"net/http"
	"time"
)

// body is a request body on its way to the decoder. It is hashed as it passes,
// so that it is read and held once only.
type body struct {
	io.ReadCloser
	x     *exchange
	sum   hash.Hash // nil without an idempotency key
	whole bool      // read to its end
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.sum != nil && n > 0 {
		b.sum.Write(p[:n])
	}
	if errors.Is(err, io.EOF) {
		b.whole = true
		// The deadline was for the body. Left in place it would end the request:
		// the server reads ahead to notice that a client goes away.
		_ = http.NewResponseController(b.x.w).SetReadDeadline(time.Time{})
	}
	return n, err
}

// patience is how long a body of a size may take to arrive: slow phones upload
// photos at 32 KiB/s.
func patience(limit int64) time.Duration {
	return 15*time.Second + time.Duration(limit/(32<<10))*time.Second
}
