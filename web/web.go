// Package web holds the built web pages of Aftercare: the customer portal and
// the staff console, as made by "npm run build" in this folder.
//
// It owns the files of dist and nothing else. It does not serve HTTP, choose a
// page for a route or set headers. The files are fixed at build time: a binary
// built before the pages has an empty folder, and Built says so.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var files embed.FS

// FS returns the built files with dist as the root: portal.html, console.html,
// assets/… with .br and .gz beside each, and .vite/manifest.json.
func FS() fs.FS {
	sub, err := fs.Sub(files, "dist")
	if err != nil {
		panic("web: the embedded folder dist is missing: " + err.Error())
	}
	return sub
}

// Built reports whether the pages were built before the binary was.
func Built() bool {
	_, err := fs.Stat(files, "dist/portal.html")
	return err == nil
}
