package seal

import (
	"context"
	"encoding/binary"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal/leaf"
)

// Handler serves the log to the world as C2SP tlog-tiles has it: checkpoint,
// tile/L/N, tile/entries/N. It holds hashes only. The paths are under prefix.
func (l *Log) Handler(prefix string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, ok := strings.CutPrefix(r.URL.Path, prefix)
		if r.Method != http.MethodGet && r.Method != http.MethodHead || !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		var body []byte
		var err error
		switch {
		case path == "checkpoint":
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.Header().Set("Cache-Control", "no-cache")
			body, err = l.checkpoint(r.Context())
		case path == "keys":
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.Header().Set("Cache-Control", "no-cache")
			body, err = l.publicKeys(r.Context())
		default:
			body, err = l.tile(r.Context(), path)
			w.Header().Set("Content-Type", "application/octet-stream")
			w.Header().Set("Cache-Control", "public, max-age=604800, immutable")
		}
		if err != nil || body == nil {
			w.Header().Set("Cache-Control", "no-store")
			if err == nil || errors.Is(err, ErrBegun) {
				http.NotFound(w, r)
				return
			}
			if r.Context().Err() == nil {
				l.o.Log.ErrorContext(r.Context(), "the sealed log was not served", "path", r.URL.Path, "err", err)
			}
			http.Error(w, "The log cannot be read at this moment.", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body) // the reader went away
	})
}

// checkpoint is the newest one; the witnesses' lines are with it as soon as
// they have signed exactly this one.
func (l *Log) checkpoint(ctx context.Context) (body []byte, err error) {
	err = l.o.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := Last(ctx, tx)
		if err != nil {
			return err
		}
		body = []byte(c.Note)
		seen, err := witnessed(ctx, tx)
		for _, s := range seen {
			if s.size == c.Size && s.signedAt > 0 {
				body = append(body, s.note...)
			}
		}
		return err
	})
	if len(body) == 0 {
		return nil, err
	}
	return body, err
}

func (l *Log) publicKeys(ctx context.Context) (body []byte, err error) {
	err = l.o.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := Keys(ctx, tx)
		for _, k := range all {
			body = append(body, k.Verifier+"\n"...)
		}
		return err
	})
	return body, err
}

// tile reads a path of C2SP tlog-tiles. x/mod has the same with the height in
// the path and another word for entries.
func (l *Log) tile(ctx context.Context, path string) (body []byte, err error) {
	rest, ok := strings.CutPrefix(path, "tile/")
	if !ok {
		return nil, nil
	}
	if entries, found := strings.CutPrefix(rest, "entries/"); found {
		rest = "data/" + entries
	}
	t, err := tlog.ParseTilePath("tile/8/" + rest)
	if err != nil {
		return nil, nil
	}
	err = l.o.DB.Read(ctx, func(tx *db.Tx) error {
		body = nil
		tree, err := readTree(ctx, tx)
		if err != nil {
			return err
		}
		level := max(t.L, 0)
		if level > 7 || t.N > tree.size || (t.N<<height)+int64(t.W) > tree.size>>(height*level) {
			return nil
		}
		if t.L < 0 {
			body, err = entries(ctx, tx, t.N<<height, t.W)
			return err
		}
		data, err := readTile(ctx, tx, place{t.L, t.N})
		if err == nil && len(data) >= t.W*tlog.HashSize {
			body = data[:t.W*tlog.HashSize]
		}
		return err
	})
	return body, err
}

// entries is a bundle of entries, each after its length in two bytes.
func entries(ctx context.Context, tx *db.Tx, first int64, count int) ([]byte, error) {
	all, err := event.Seals(ctx, tx, first, count)
	if err != nil {
		return nil, err
	}
	body := make([]byte, 0, count*(2+1+leaf.Size))
	next := first + 1
	add := func(entry []byte) {
		body = append(binary.BigEndian.AppendUint16(body, uint16(len(entry))), entry...)
		next++
	}
	for _, s := range all {
		for next < s.Position && next <= first+int64(count) {
			add(lost)
		}
		if s.Position == next && next <= first+int64(count) {
			add(s.Entry())
		}
	}
	for next <= first+int64(count) {
		add(lost)
	}
	return body, nil
}
