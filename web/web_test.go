package web_test

import (
	"io/fs"
	"testing"

	"github.com/aftercare/aftercare/web"
)

func TestFSHasDistAsItsRoot(t *testing.T) {
	if _, err := fs.Stat(web.FS(), ".gitkeep"); err != nil {
		t.Fatalf("stat .gitkeep in FS: %v", err)
	}
}

func TestBuiltAgreesWithTheFiles(t *testing.T) {
	_, err := fs.Stat(web.FS(), "portal.html")
	if got, want := web.Built(), err == nil; got != want {
		t.Fatalf("Built() = %v, portal.html there = %v", got, want)
	}
}
