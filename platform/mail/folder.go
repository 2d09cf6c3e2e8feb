package mail

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// folder keeps each message as a file that mail programs open. The same message
// twice is one file.
type folder struct{ path string }

func (f folder) send(_ context.Context, l letter) error {
	if err := f.check(); err != nil {
		return err
	}
	var text bytes.Buffer
	if _, err := l.msg.WriteTo(&text); err != nil {
		return fmt.Errorf("mail file: %w", err)
	}
	temporary, err := os.CreateTemp(f.path, ".new-*")
	if err != nil {
		return fmt.Errorf("mail file: %w", err)
	}
	defer os.Remove(temporary.Name()) //nolint:errcheck // renamed by then, if all went well
	_, err = temporary.Write(text.Bytes())
	if closed := temporary.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temporary.Name(), filepath.Join(f.path, fileName(l)))
	}
	if err != nil {
		return fmt.Errorf("mail file: %w", err)
	}
	return nil
}

func fileName(l letter) string {
	readable := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r == '-' {
			return r
		}
		return '-'
	}, l.key)
	return readable[:min(len(readable), 80)] + "-" + l.id[:12] + ".eml"
}

func (f folder) check() error {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return fmt.Errorf("mail folder: %w", err)
	}
	return nil
}

func (f folder) close() error { return nil }
