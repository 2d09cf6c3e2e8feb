package db_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"runtime"
	"testing"
	"weak"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

// A key that is dropped leaves the memory once the next text is authenticated,
// and what the others make stays right.
func TestADroppedKeyIsKeptNowhere(t *testing.T) {
	for name, url := range dbtest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			keys := [][]byte{fresh()}
			d, err := db.Open(t.Context(), url, db.Options{Keys: func() [][]byte { return keys }})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			macs := func(text string) (all [][]byte) {
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					all = nil
					for i := range tx.Keys() {
						all = append(all, tx.MACWith(i, []byte(text)))
					}
					if !bytes.Equal(tx.MAC([]byte(text)), all[0]) || tx.MACWith(len(all), nil) != nil {
						t.Errorf("%q: MAC is not that of the newest of %d keys", text, len(all))
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				return all
			}
			first := macs("a")
			dropped := weak.Make(&keys[0][0])
			keys = [][]byte{fresh(), keys[0]}
			if all := macs("a"); len(all) != 2 || !bytes.Equal(all[1], first[0]) || bytes.Equal(all[0], all[1]) {
				t.Errorf("with two keys %x, with the first %x", all, first)
			}
			keys = [][]byte{keys[0]}
			want := hmac.New(sha256.New, keys[0])
			want.Write([]byte("b"))
			if all := macs("b"); len(all) != 1 || !bytes.Equal(all[0], want.Sum(nil)) {
				t.Errorf("with the second key %x", all)
			}
			for range 3 { // the runtime itself holds a pool through two collections
				runtime.GC()
			}
			if dropped.Value() != nil {
				t.Error("the dropped key is still in memory")
			}
		})
	}
}

func fresh() []byte {
	key := make([]byte, 32)
	rand.Read(key)
	return key
}
