package seal_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/seal"
)

// stranger is a witness as C2SP tlog-witness describes it, with proofs checked
// by transparency-dev.
type stranger struct {
	key  ed25519.PrivateKey
	log  note.Verifier
	mu   sync.Mutex
	size uint64
	root []byte
	seen int
}

func (s *stranger) verifier() string {
	public := s.key.Public().(ed25519.PublicKey)
	return fmt.Sprintf("witness.example+%08x+%s", seal.KeyID("witness.example", 4, public), base64.StdEncoding.EncodeToString(append([]byte{4}, public...)))
}

func (s *stranger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	head, checkpoint, _ := strings.Cut(string(body), "\n\n")
	lines := strings.Split(head, "\n")
	old, err := strconv.ParseUint(strings.TrimPrefix(lines[0], "old "), 10, 64)
	n, openErr := note.Open([]byte(checkpoint), note.VerifierList(s.log))
	if err != nil || openErr != nil || r.URL.Path != "/add-checkpoint" {
		http.Error(w, "wrong", http.StatusBadRequest)
		return
	}
	text := strings.Split(n.Text, "\n")
	size, _ := strconv.ParseUint(text[1], 10, 64)
	root, _ := base64.StdEncoding.DecodeString(text[2])
	if old != s.size {
		w.Header().Set("Content-Type", "text/x.tlog.size")
		w.WriteHeader(http.StatusConflict)
		fmt.Fprintln(w, s.size)
		return
	}
	var hashes [][]byte
	for _, line := range lines[1:] {
		h, _ := base64.StdEncoding.DecodeString(line)
		hashes = append(hashes, h)
	}
	if s.size > 0 {
		if err := proof.VerifyConsistency(rfc6962.DefaultHasher, s.size, size, hashes, s.root, root); err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
	}
	s.size, s.root, s.seen = size, root, s.seen+1
	now := uint64(time.Now().Unix())
	signed := ed25519.Sign(s.key, []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", now, n.Text)))
	line := binary.BigEndian.AppendUint32(nil, seal.KeyID("witness.example", 4, s.key.Public().(ed25519.PublicKey)))
	line = append(binary.BigEndian.AppendUint64(line, now), signed...)
	fmt.Fprintf(w, "— witness.example %s\n", base64.StdEncoding.EncodeToString(line))
}

// watched makes a log of 31 entries, and gives a stranger whom a process with
// these options asks to sign it.
func watched(t *testing.T, d *db.DB) (seal.Options, *stranger) {
	t.Helper()
	o := options(d, t.TempDir())
	l, stop := run(t, o)
	fill(t, d, 30)
	sealedUp(t, l, 31)
	stop()
	logKey, err := note.NewVerifier(firstKey(t, d))
	if err != nil {
		t.Fatal(err)
	}
	s := &stranger{key: ed25519.NewKeyFromSeed(make([]byte, 32)), log: logKey}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	if o.Witnesses, err = seal.ParseWitnesses(s.verifier() + " " + server.URL + "/"); err != nil {
		t.Fatal(err)
	}
	o.Every = 10 * time.Millisecond
	return o, s
}

func TestAWitnessSignsAndAForkIsNotSigned(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		o, s := watched(t, d)
		l, stop := run(t, o)
		defer stop()
		base := serve(t, l)
		cosigned := func() bool {
			known, _ := seal.Verifiers(firstKey(t, d), s.verifier())
			n, err := note.Open(get(t, base+"checkpoint"), known)
			return err == nil && strings.Contains(fmt.Sprint(n.Sigs), "witness.example")
		}
		eventually(t, "the witness has signed", cosigned)
		fill(t, d, 300)
		sealedUp(t, l, 331)
		eventually(t, "the witness has signed the larger tree", cosigned)
		s.mu.Lock()
		s.root, s.size = make([]byte, 32), 300 // as if it had seen another log
		before := s.seen
		s.mu.Unlock()
		fill(t, d, 10)
		sealedUp(t, l, 341)
		time.Sleep(200 * time.Millisecond)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.seen != before || cosigned() {
			t.Error("a log that is no continuation was signed")
		}
	})
}
