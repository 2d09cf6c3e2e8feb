// Package pages serves the built web pages: the customer portal, the staff
// console and their assets.
//
// It owns which path gets which page, caching, and the choice among the
// precompressed copies. It does not know what a page does, and sets no security
// headers: httpapi does, and two kinds of pages are let into frames: rights
// before buying everywhere, those of the widget on the sites that the shop names.
// An asset's name contains its digest, so it is cached for ever; a page never is.
package pages

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/locale"
)

// Pages is a handler for GET and HEAD of everything that is not the API.
type Pages struct {
	files   map[string]file // by path, without leading slash
	portal  map[string]file // by language
	console map[string]file
	links   map[string][]string // what a page needs besides its entry, by path
	verify  file                // checks evidence by itself; also used from a disk
	widget  []byte              // the script that another site includes

	// Look is how the shop that a request is meant for looks; nil: all look alike.
	Look func(r *http.Request) Look
}

type file struct {
	plain, br, gz []byte
	mediaType     string
	tag           string
}

// New reads the build (portal.html, console.html, assets/…). Without one it
// serves a page that says how to make it.
func New(fsys fs.FS) (*Pages, error) {
	p := &Pages{files: map[string]file{}, portal: map[string]file{}, console: map[string]file{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		if ext := path.Ext(name); ext == ".br" || ext == ".gz" {
			return nil
		}
		f := file{mediaType: mediaType(name)}
		if f.plain, err = fs.ReadFile(fsys, name); err != nil {
			return err
		}
		f.br, _ = fs.ReadFile(fsys, name+".br")
		f.gz, _ = fs.ReadFile(fsys, name+".gz")
		f.tag = tag(f.plain)
		p.files[name] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("web pages: %w", err)
	}
	p.verify = p.files["verify.html"]
	delete(p.files, "verify.html")
	p.widget = p.files[script].plain
	delete(p.files, script)
	built := readManifest(fsys)
	p.links = built.links()
	for name, shells := range map[string]map[string]file{"portal.html": p.portal, "console.html": p.console} {
		page, ok := p.files[name]
		delete(p.files, name)
		for _, lang := range locale.Readable {
			if !ok {
				page.plain = []byte(missing)
			}
			shells[lang] = shell(page.plain, lang, "<script>"+early[name]+"</script>", built.texts(name, lang))
		}
	}
	return p, nil
}

const missing = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Aftercare</title></head>
<body><p>This program was built without its web pages. Run <code>make web build</code> and start it again. The API works.</p></body></html>
`

var (
	language = regexp.MustCompile(`<html lang="[^"]*"( dir="[^"]*")?>`)
	known    = regexp.MustCompile(`^/((orders|cases|help|privacy)(/[^/]+)?|(return|link)/[^/]+|rights)?/?$`)
)

// framed is the one page that other sites may show inside theirs: rights before
// buying. It needs no session, and browsers send none into a foreign frame.
const framed = "/rights"

// scripts lets a face run its script of the head besides those of this server;
// the console also compiles the reader of bar codes. Text that becomes a program
// stays forbidden.
var scripts = map[string]string{
	"portal.html":  "; script-src 'self' " + digest([]byte(early["portal.html"])),
	"console.html": "; script-src 'self' 'wasm-unsafe-eval' " + digest([]byte(early["console.html"])),
}

// shell is the page in the reader's language, so that a screen reader and the
// browser's fonts are right before the first script runs, with what it shows
// first asked for, and with its texts on their way.
func shell(page []byte, lang, begin, head string) file {
	text := language.ReplaceAll(page, fmt.Appendf(nil, `<html lang="%s" dir="%s">`, lang, locale.Direction(lang)))
	text = bytes.Replace(text, []byte("<head>"), []byte("<head>"+begin), 1)
	text = bytes.Replace(text, []byte("</head>"), []byte(head+"</head>"), 1)
	return file{plain: text, mediaType: "text/html; charset=utf-8", tag: tag(text)}
}

// reads is the language of the reader: what the link asks for, what was chosen
// here before, what the browser prefers.
func reads(r *http.Request) string {
	asked := []string{r.URL.Query().Get("lang")}
	if chosen, err := r.Cookie("lang"); err == nil {
		asked = append(asked, chosen.Value)
	}
	for _, one := range asked {
		if slices.Contains(locale.Readable, one) {
			return one
		}
	}
	return locale.Read(r.Header.Get("Accept-Language"))
}

func tag(content []byte) string {
	sum := sha256.Sum256(content)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// mediaType does not ask the machine, whose tables differ.
func mediaType(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".webmanifest":
		return "application/manifest+json"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// ServeHTTP answers with an asset, a page, or the portal with status 404, which
// says so in the reader's language.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "A page can only be read.", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if f, ok := p.files[name]; ok {
		cache := "public, max-age=3600"
		if strings.HasPrefix(name, "assets/") {
			cache = "public, max-age=31536000, immutable"
		}
		w.Header().Set("Cache-Control", cache)
		f.serve(w, r, http.StatusOK)
		return
	}
	if strings.HasPrefix(name, "assets/") {
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "There is no such file. The page may be older than the program: load it again.", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Accept-Language, Cookie")
	lang := reads(r)
	inside, isWidget := widgetPath(r.URL.Path)
	for _, link := range ahead(p.links, inside) {
		h.Add("Link", link)
	}
	switch {
	case name == "console" || strings.HasPrefix(name, "console/"):
		h.Set("Content-Security-Policy", h.Get("Content-Security-Policy")+scripts["console.html"])
		p.console[locale.Match(lang)].serve(w, r, http.StatusOK)
	case r.URL.Path == "/verify" && p.verify.plain != nil:
		h.Set("Content-Security-Policy", alone(p.verify.plain))
		p.verify.serve(w, r, http.StatusOK)
	case r.URL.Path == "/"+script && p.widget != nil:
		p.include(w, r)
	case isWidget:
		p.front(w, r, lang, http.StatusOK, true)
	case known.MatchString(r.URL.Path):
		if r.URL.Path == framed {
			h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "frame-ancestors 'none'", "frame-ancestors *", 1))
		}
		p.front(w, r, lang, http.StatusOK, false)
	default:
		p.front(w, r, lang, http.StatusNotFound, false)
	}
}

// front serves the portal as its shop looks, as a page of its own or for the
// frame of a widget.
func (p *Pages) front(w http.ResponseWriter, r *http.Request, lang string, status int, framed bool) {
	shown := p.portal[lang]
	policy := w.Header().Get("Content-Security-Policy") + scripts["portal.html"]
	if p.Look != nil {
		look := p.Look(r)
		shown = look.dress(shown)
		if framed {
			shown = look.frame(shown)
			policy = look.admit(policy)
			// A page of payment that was opened from the frame leads back here: it has to find who opened it.
			w.Header().Set("Cross-Origin-Opener-Policy", "unsafe-none")
		}
		if look.Style != "" {
			policy += "; style-src 'self' " + digest([]byte(look.Style))
		}
	}
	w.Header().Set("Content-Security-Policy", policy)
	shown.serve(w, r, status)
}

func (f file) serve(w http.ResponseWriter, r *http.Request, status int) {
	h := w.Header()
	h.Set("Content-Type", f.mediaType)
	content := f.plain
	if f.br != nil || f.gz != nil {
		h.Add("Vary", "Accept-Encoding")
		accepted := r.Header.Get("Accept-Encoding")
		switch {
		case f.br != nil && accepts(accepted, "br"):
			content = f.br
			h.Set("Content-Encoding", "br")
		case f.gz != nil && accepts(accepted, "gzip"):
			content = f.gz
			h.Set("Content-Encoding", "gzip")
		}
	}
	if status != http.StatusOK {
		w.WriteHeader(status)
		if r.Method != http.MethodHead {
			_, _ = w.Write(content)
		}
		return
	}
	h.Set("Etag", f.tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// accepts reads an Accept-Encoding header; a weight of zero is a refusal.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			weight := strings.ReplaceAll(params, " ", "")
			return weight != "q=0" && weight != "q=0.0" && weight != "q=0.00" && weight != "q=0.000"
		}
	}
	return false
}
