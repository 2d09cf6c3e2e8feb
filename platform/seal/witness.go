package seal

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/aftercare/aftercare/platform/db"
)

// Witness is a stranger who signs checkpoints after checking that the log only
// grew (C2SP tlog-witness).
type Witness struct {
	Verifier string // public key, name+id+base64
	URL      string // add-checkpoint is asked under it
}

// ParseWitnesses reads "KEY URL, KEY URL".
func ParseWitnesses(text string) ([]Witness, error) {
	var all []Witness
	for part := range strings.SplitSeq(text, ",") {
		fields := strings.Fields(part)
		if len(fields) == 0 {
			continue
		}
		if len(fields) != 2 || !strings.HasPrefix(fields[1], "http") {
			return nil, fmt.Errorf("a witness is a key and a URL, such as witness.example+1f2e3d4c+BH8x… https://witness.example")
		}
		if _, _, _, err := parseVerifier(fields[0]); err != nil {
			return nil, fmt.Errorf("witness %s: %w", fields[1], err)
		}
		all = append(all, Witness{fields[0], strings.TrimSuffix(fields[1], "/")})
	}
	return all, nil
}

// askWitnesses has new checkpoints signed now and then, until ctx ends.
func (l *Log) askWitnesses(ctx context.Context) {
	if len(l.o.Witnesses) == 0 {
		return
	}
	client := &http.Client{Timeout: 15 * time.Second}
	for ctx.Err() == nil {
		for _, w := range l.o.Witnesses {
			if err := l.ask(ctx, client, w); err != nil && ctx.Err() == nil {
				l.o.Log.WarnContext(ctx, "a witness did not sign", "witness", w.URL, "err", err)
				_ = l.o.DB.Write(ctx, func(tx *db.Tx) error { return noteProblem(ctx, tx, w.Verifier, fmt.Sprintf("%.300v", err)) }) // it is logged
			}
		}
		pause(ctx, l.o.Every)
	}
}

func (l *Log) ask(ctx context.Context, client *http.Client, w Witness) error {
	var c Checkpoint
	old := int64(0)
	err := l.o.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if c, err = Last(ctx, tx); err != nil {
			return err
		}
		all, err := witnessed(ctx, tx)
		for _, one := range all {
			if one.verifier == w.Verifier {
				old = one.size
			}
		}
		return err
	})
	if err != nil || c.Size == 0 || c.Size == old {
		return err
	}
	for range 2 {
		lines, knows, err := l.submit(ctx, client, w, old, c)
		if err != nil {
			return err
		}
		if lines != "" {
			return l.o.DB.Write(ctx, func(tx *db.Tx) error { return saveWitness(ctx, tx, w.Verifier, c.Size, lines) })
		}
		if knows > c.Size {
			return fmt.Errorf("the witness has signed %d entries, the log has %d: it was rolled back", knows, c.Size)
		}
		old = knows
	}
	return fmt.Errorf("the witness does not accept where it stands itself")
}

// submit asks once. Without lines, knows is the size that the witness has seen.
func (l *Log) submit(ctx context.Context, client *http.Client, w Witness, old int64, c Checkpoint) (lines string, knows int64, err error) {
	var body strings.Builder
	fmt.Fprintf(&body, "old %d\n", old)
	err = l.o.DB.Read(ctx, func(tx *db.Tx) error {
		proof, err := Consistency(ctx, tx, old, c.Size)
		for _, h := range proof {
			fmt.Fprintln(&body, base64.StdEncoding.EncodeToString(h[:]))
		}
		return err
	})
	if err != nil {
		return "", 0, err
	}
	body.WriteString("\n" + c.Note)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL+"/add-checkpoint", strings.NewReader(body.String()))
	if err != nil {
		return "", 0, err
	}
	answer, err := client.Do(req)
	if err != nil {
		return "", 0, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 16<<10))
	if err != nil {
		return "", 0, err
	}
	switch answer.StatusCode {
	case http.StatusOK:
		lines, err = checkLines(c.Note, text, w.Verifier)
		return lines, 0, err
	case http.StatusConflict:
		knows, err = strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		if err != nil || knows < 0 {
			return "", 0, fmt.Errorf("the witness answers 409 without a size")
		}
		return "", knows, nil
	}
	return "", 0, fmt.Errorf("the witness answers %d: %.200s", answer.StatusCode, bytes.TrimSpace(text))
}

// checkLines returns the signature lines of a witness that are really its own.
func checkLines(signed string, lines []byte, verifier string) (string, error) {
	known, err := Verifiers(verifier)
	if err != nil {
		return "", err
	}
	n, err := note.Open(append([]byte(signed), lines...), known)
	if err != nil {
		return "", fmt.Errorf("the witness's signature: %w", err)
	}
	var good strings.Builder
	for _, s := range n.Sigs {
		fmt.Fprintf(&good, "— %s %s\n", s.Name, s.Base64)
	}
	return good.String(), nil
}
