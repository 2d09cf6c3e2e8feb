package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The bundle beside this test was taken from a demo shop.
func TestTheExampleIsProvenAndAChangedOneIsNot(t *testing.T) {
	key, err := os.ReadFile("testdata/key.txt")
	if err != nil {
		t.Fatal(err)
	}
	if err := verify("testdata/evidence.zip", string(key)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/evidence.zip")
	if err != nil {
		t.Fatal(err)
	}
	data[900]++ // inside README.txt: the checksum of the ZIP file
	data[4500]++
	path := filepath.Join(t.TempDir(), "changed.zip")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := verify(path, string(key)); err == nil {
		t.Error("a changed bundle is proven")
	}
}
