package blob

import (
	"context"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
)

// checked is a file whose end is believed only if the digest is right.
type checked struct {
	f   *os.File
	r   io.Reader
	sum hash.Hash
	key string
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.sum.Write(p[:n])
	if err == io.EOF && hex.EncodeToString(c.sum.Sum(nil)) != c.key {
		return n, fmt.Errorf("%w: %s", ErrDamaged, c.key)
	}
	return n, err
}

func (c *checked) Close() error { return c.f.Close() }

// withContext stops reading when the caller has given up.
type withContext struct {
	ctx context.Context
	r   io.Reader
}

func (w withContext) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}
