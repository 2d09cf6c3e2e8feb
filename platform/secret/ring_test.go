package secret_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/secret"
)

// pair is an installation that has changed from a first to a second master key.
func pair(t *testing.T) (first, both *secret.Keys, sealed []byte) {
	t.Helper()
	first = keys(t, 1)
	sealed, err := first.Seal("hook", "main/1", []byte("s3cret"))
	if err != nil {
		t.Fatal(err)
	}
	both, err = secret.New(bytes.Repeat([]byte{1}, secret.Size), bytes.Repeat([]byte{2}, secret.Size))
	if err != nil {
		t.Fatal(err)
	}
	if err := both.Arrange(keys(t, 2).ID(), []secret.Past{{ID: first.ID()}}); err != nil {
		t.Fatal(err)
	}
	return first, both, sealed
}

func TestTheNewestKeyWritesAndTheOldOneReads(t *testing.T) {
	first, both, sealed := pair(t)
	if plain, err := both.Open("hook", "main/1", sealed); err != nil || string(plain) != "s3cret" {
		t.Fatalf("sealed with the first: %q, %v", plain, err)
	}
	fresh, changed, err := both.Reseal("hook", "main/1", sealed)
	if err != nil || !changed || both.SealedBy(sealed) != first.ID() || both.SealedBy(fresh) != both.ID() {
		t.Fatalf("sealed again: %v, %v, by %s", changed, err, both.SealedBy(fresh))
	}
	if _, changed, _ := both.Reseal("hook", "main/1", fresh); changed {
		t.Error("what the newest key sealed was sealed again")
	}
	if _, _, err := both.Reseal("hook", "main/2", sealed); err == nil {
		t.Error("a value of another place was sealed again")
	}
	only := keys(t, 2)
	if plain, err := only.Open("hook", "main/1", fresh); err != nil || string(plain) != "s3cret" {
		t.Errorf("with the new key alone: %q, %v", plain, err)
	}
	if _, err := first.Open("hook", "main/1", fresh); err == nil {
		t.Error("the old key opens what the new one sealed")
	}
	old := first.Sign("link", "x", noon)
	if got, err := both.Verify("link", old, noon.Add(-time.Hour)); err != nil || got != "x" {
		t.Errorf("a link signed before: %q, %v", got, err)
	}
	if _, err := only.Verify("link", old, noon.Add(-time.Hour)); !errors.Is(err, secret.ErrToken) {
		t.Errorf("a link of a key that was dropped: %v", err)
	}
	if _, err := first.Verify("link", both.Sign("link", "x", noon), noon.Add(-time.Hour)); err == nil {
		t.Error("links are signed with the old key")
	}
	if all := both.MACs("code", "a"); len(all) != 2 || !bytes.Equal(all[1], first.MAC("code", "a")) || bytes.Equal(all[0], all[1]) {
		t.Errorf("codes: %x", all)
	}
}

// Of a key that is dropped what must stay is kept, sealed with the one that
// writes, and nothing else.
func TestWhatIsKeptOfADroppedKeyIsThereAndNothingElse(t *testing.T) {
	first, both, _ := pair(t)
	kept, err := both.Keep(both.ID(), first.ID(), []string{"salt"})
	if err != nil {
		t.Fatal(err)
	}
	only := keys(t, 2)
	if err := only.Arrange(both.ID(), []secret.Past{{ID: first.ID(), Kept: kept}}); err != nil {
		t.Fatal(err)
	}
	if all := only.All("salt"); len(all) != 2 || !bytes.Equal(all[1], first.Derive("salt")) {
		t.Errorf("salts: %x", all)
	}
	if all := only.All("code"); len(all) != 1 {
		t.Errorf("%d keys of a purpose that was not kept", len(all))
	}
	third, err := secret.New(bytes.Repeat([]byte{2}, secret.Size), bytes.Repeat([]byte{3}, secret.Size))
	if err != nil {
		t.Fatal(err)
	}
	if err := third.Arrange(both.ID(), []secret.Past{{ID: first.ID(), Kept: kept}}); err != nil {
		t.Fatal(err)
	}
	again, err := third.Keep(keys(t, 3).ID(), first.ID(), []string{"salt"}) // of a key that is only kept
	if err != nil {
		t.Fatal(err)
	}
	last := keys(t, 3)
	if err := last.Arrange(last.ID(), []secret.Past{{ID: first.ID(), Kept: again}}); err != nil || len(last.All("salt")) != 2 {
		t.Errorf("after another change: %v", err)
	}
	old := first.Sign("link", "x", noon)
	if err := both.Arrange(both.ID(), []secret.Past{{ID: first.ID(), Kept: kept, Dropped: true}}); err != nil {
		t.Fatal(err)
	}
	if _, err := both.Verify("link", old, noon.Add(-time.Hour)); !errors.Is(err, secret.ErrToken) {
		t.Errorf("a process that still has the dropped key believes its links: %v", err)
	}
	if all := both.All("salt"); len(all) != 2 || !bytes.Equal(all[1], first.Derive("salt")) {
		t.Errorf("salts after it was dropped: %x", all)
	}
	kept[len(kept)-1] ^= 1
	if err := keys(t, 2).Arrange(both.ID(), []secret.Past{{ID: first.ID(), Kept: kept}}); err == nil {
		t.Error("what was kept may be changed")
	}
	if err := keys(t, 5).Arrange(both.ID(), nil); !errors.Is(err, secret.ErrOther) {
		t.Errorf("with another key: %v", err)
	}
}

// The files of a folder through a change: at every step a process that starts
// anew finds what it needs, and the first file is always there.
func TestFilesOfKeysThroughAChange(t *testing.T) {
	dir := t.TempDir()
	k, err := secret.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	old := k.ID()
	other, _ := secret.Load(dir) // another process
	fresh, err := k.Fresh([]string{old})
	if err != nil || fresh == old {
		t.Fatalf("fresh %s, %v", fresh, err)
	}
	if again, err := other.Fresh([]string{old}); err != nil || again != fresh {
		t.Errorf("a second one who changes gets %s, %v", again, err)
	}
	if err := k.Arrange(fresh, []secret.Past{{ID: old}}); err != nil {
		t.Fatal(err)
	}
	late, _ := secret.Load(dir)
	sealed, _ := k.Seal("hook", "main/1", []byte("s3cret"))
	for name, process := range map[string]*secret.Keys{"another": other, "later": late} {
		if plain, err := process.Open("hook", "main/1", sealed); err != nil || string(plain) != "s3cret" {
			t.Errorf("%s process: %q, %v", name, plain, err)
		}
	}
	if err := k.Drop(fresh); err != nil || !slices.Contains(k.AtHand(), fresh) {
		t.Errorf("the key that writes was dropped: %v", err)
	}
	for range 2 { // the second time after a crash
		if err := k.Drop(old); err != nil {
			t.Fatal(err)
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, "keys", "*.key"))
	if len(files) != 1 || filepath.Base(files[0]) != "master.key" {
		t.Errorf("files %v", files)
	}
	if f, err := os.Stat(files[0]); err != nil || f.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", f.Mode(), err)
	}
	if last, err := secret.Load(dir); err != nil || last.ID() != fresh {
		t.Errorf("after the change %v, %v", last, err)
	}
}

func TestKeysAreKeptWhileTheyAreArrangedAnew(t *testing.T) {
	first, both, _ := pair(t)
	writes, before := both.ID(), []secret.Past{{ID: first.ID()}}
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 200 {
			if err := both.Arrange(writes, before[:i%2]); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Go(func() {
		for range 200 {
			_, _ = both.Keep(writes, first.ID(), []string{"salt"}) // half of the time there is nothing to keep
		}
	})
	wg.Wait()
	if _, err := both.Keep(writes, first.ID(), []string{"salt"}); err != nil {
		t.Error(err)
	}
}
