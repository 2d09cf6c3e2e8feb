package pages

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// chunk is one file of the build and what it needs.
type chunk struct {
	File    string   `json:"file"`
	Imports []string `json:"imports"`
	CSS     []string `json:"css"`
}

// manifest is the build's list of chunks, by source.
type manifest map[string]chunk

// first is what a page needs besides the entry of its face. Browsers learn of it
// only when the entry runs; told at once, they fetch everything together, which
// saves a slow network one way there and back.
var first = []struct {
	face   string // whose entry
	path   string // where the page is; a trailing slash stands for what follows it
	source string // of the page
}{
	{"portal.html", "/", "src/portal/pages/LookupPage.vue"},
	{"portal.html", "/orders", "src/portal/pages/OrdersPage.vue"},
	{"portal.html", "/orders/", "src/portal/pages/OrderPage.vue"},
	{"portal.html", "/return/", "src/portal/pages/ReturnPage.vue"},
	{"portal.html", "/cases/", "src/portal/pages/CasePage.vue"},
	{"console.html", "/console/cases", "src/console/inbox/CasesPage.vue"},
	{"console.html", "/console/cases", "src/console/inbox/texts.ts"},
	{"console.html", "/console/cases", "src/console/inbox/NothingChosen.vue"},
	{"console.html", "/console/cases/", "src/console/inbox/CasesPage.vue"},
	{"console.html", "/console/cases/", "src/console/inbox/texts.ts"},
	{"console.html", "/console/cases/", "src/console/case/CasePage.vue"},
	{"console.html", "/console/warehouse", "src/console/warehouse/ScanPage.vue"},
}

// texts are the catalogues of a face that every page of it needs; those of lists
// are among them, because staff begin there.
var texts = map[string][]string{"portal.html": {"shared", "portal"}, "console.html": {"shared", "console", "desk", "inbox"}}

// readManifest reads what the build wrote; without one nothing is told ahead.
func readManifest(fsys fs.FS) manifest {
	var m manifest
	raw, err := fs.ReadFile(fsys, ".vite/manifest.json")
	if err != nil || json.Unmarshal(raw, &m) != nil {
		return nil
	}
	return m
}

// needs lists the files of a source and of what it imports.
func (m manifest) needs(source string) (files []string) {
	seen := map[string]bool{}
	var walk func(string)
	walk = func(source string) {
		one, known := m[source]
		if !known || seen[source] {
			return
		}
		seen[source] = true
		files = append(append(files, one.File), one.CSS...)
		for _, next := range one.Imports {
			walk(next)
		}
	}
	walk(source)
	return files
}

// texts is the part of a page's head that fetches the catalogues of a language.
func (m manifest) texts(face, lang string) string {
	var b strings.Builder
	for _, name := range texts[face] {
		for _, file := range m.needs("src/i18n/" + name + "." + lang + ".json") {
			fmt.Fprintf(&b, `<link rel="modulepreload" href="/%s">`, file)
		}
	}
	return b.String()
}

// links are the Link headers of pages, by path.
func (m manifest) links() map[string][]string {
	all := map[string][]string{}
	for _, page := range first {
		entry := m.needs(page.face)
		for _, file := range m.needs(page.source) {
			link := "</" + file + ">; rel=modulepreload"
			if strings.HasSuffix(file, ".css") {
				link = "</" + file + ">; rel=preload; as=style"
			}
			if !slices.Contains(entry, file) && !slices.Contains(all[page.path], link) {
				all[page.path] = append(all[page.path], link)
			}
		}
	}
	return all
}

// ahead finds the headers for a path: its own, else those of the folder it is in.
func ahead(links map[string][]string, path string) []string {
	if own, ok := links[path]; ok {
		return own
	}
	if folder := path[:strings.LastIndexByte(path, '/')+1]; folder != "/" {
		return links[folder]
	}
	return nil
}
