// Command verify checks an evidence bundle with the standard library and
// golang.org/x/mod only: no code of Aftercare. It is written from
// docs/formats/seal.md and shows that the format is open.
//
//	go run ./docs/examples/verify evidence.zip "shop.example/log+1f2e3d4c+AT9x…"
package main

import (
	"archive/zip"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// event is an event of events.json.
type event struct {
	Position                          int64
	Kind                              byte
	Tenant, ID, Stream, Subject, Type string
	Version, At                       int64
	ActorKind                         string `json:"actor_kind"`
	ActorID                           string `json:"actor_id"`
	ActorName                         string `json:"actor_name"`
	Who, Data, Previous               string
	DataHash                          string `json:"data_hash"`
	WhoSalt                           string `json:"who_salt"`
	DataSalt                          string `json:"data_salt"`
	Proof                             tlog.RecordProof
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: verify FILE KEY")
		os.Exit(2)
	}
	if err := verify(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "verify:", err)
		os.Exit(1)
	}
}

func verify(path, key string) error {
	files, err := unpack(path)
	if err != nil {
		return err
	}
	size, root, err := checkpoint(files["checkpoint"], key)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	var bundle struct{ Events []event }
	if err := json.Unmarshal(files["events.json"], &bundle); err != nil {
		return err
	}
	known, photos := map[string]bool{}, ""
	for _, e := range bundle.Events {
		content, leaf, err := e.hashes()
		if err != nil {
			return fmt.Errorf("event %s: %w", e.ID, err)
		}
		if first := strings.Repeat("00", sha256.Size); e.Previous != first && !known[e.Stream+"/"+e.Subject+"/"+e.Previous] {
			return fmt.Errorf("event %s: the one before it is missing", e.ID)
		}
		known[e.Stream+"/"+e.Subject+"/"+hex.EncodeToString(content)] = true
		if e.Proof == nil {
			fmt.Printf("not sealed  %s %s\n", e.Type, e.ID)
			continue
		}
		if err := tlog.CheckRecord(e.Proof, size, root, e.Position-1, leaf); err != nil {
			return fmt.Errorf("event %s is not entry %d of the log: %w", e.ID, e.Position-1, err)
		}
		fmt.Printf("proven      %s %s\n", e.Type, e.ID)
		photos += e.Data
	}
	for name, data := range files {
		sum, _, ok := strings.Cut(strings.TrimPrefix(name, "evidence/"), ".")
		if !ok || !strings.HasPrefix(name, "evidence/") {
			continue
		}
		if got := sha256.Sum256(data); hex.EncodeToString(got[:]) != sum || !strings.Contains(photos, sum) {
			return fmt.Errorf("%s is not what was sealed", name)
		}
		fmt.Printf("proven      %s\n", name)
	}
	return nil
}

// unpack reads the ZIP file, at most 128 MiB of each entry.
func unpack(path string) (map[string][]byte, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	files := map[string][]byte{}
	for _, f := range z.File {
		if _, twice := files[f.Name]; twice || len(files) > 1000 || f.UncompressedSize64 > 128<<20 {
			return nil, errors.New("this is not an evidence bundle")
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		if files[f.Name], err = io.ReadAll(io.LimitReader(r, 128<<20)); err != nil {
			return nil, err
		}
		_ = r.Close() // it was read to the end
	}
	return files, nil
}

// checkpoint opens the signed note and reads size and root of the tree.
func checkpoint(text []byte, key string) (size int64, root tlog.Hash, err error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return 0, root, err
	}
	n, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return 0, root, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return 0, root, errors.New("it is not of this log")
	}
	if size, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return 0, root, err
	}
	raw, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || copy(root[:], raw) != len(root) {
		return 0, root, errors.New("it has no root")
	}
	fmt.Printf("the log %s had %d entries\n", lines[0], size)
	return size, root, nil
}

// hashes follows "From an event to its entry" of the format.
func (e event) hashes() (content []byte, leaf tlog.Hash, err error) {
	who, data := unhex(e.Who), unhex(e.DataHash)
	if e.WhoSalt != "" && !hmac.Equal(who, mac(e.WhoSalt, "aftercare/who/1\n"+field(e.ActorID)+field(e.ActorName))) {
		return nil, leaf, errors.New("who acted is not what was sealed")
	}
	if e.DataSalt != "" && !hmac.Equal(data, mac(e.DataSalt, "aftercare/data/1\n"+e.Data)) {
		return nil, leaf, errors.New("the data is not what was sealed")
	}
	head := "aftercare/event/1\n" + field(e.Tenant) + field(e.ID) + field(e.Stream) + field(e.Subject) + number(e.Version) +
		field(e.Type) + field(e.ActorKind) + number(e.At)
	sum := sha256.Sum256([]byte(head + string(who) + string(data)))
	content = sum[:]
	inner := sha256.Sum256([]byte("aftercare/leaf/1\n" + string(content) + string(unhex(e.Previous))))
	return content, tlog.RecordHash(append([]byte{e.Kind}, inner[:]...)), nil
}

func field(text string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(text)))) + text
}

func number(n int64) string { return string(binary.BigEndian.AppendUint64(nil, uint64(n))) }

func mac(salt, text string) []byte {
	h := hmac.New(sha256.New, unhex(salt))
	h.Write([]byte(text))
	return h.Sum(nil)
}

func unhex(text string) []byte {
	b, _ := hex.DecodeString(text) // what is no hash does not fit any proof
	return b
}
