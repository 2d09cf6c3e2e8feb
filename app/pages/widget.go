package pages

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
)

// script is what another site includes to show the widget.
const script = "widget.js"

// placeholder stands in the built script where the look of the shop goes.
const placeholder = `/*look*/{}`

// inFrame are the pages of the portal that the widget has.
var inFrame = regexp.MustCompile(`^/widget(/(?:(?:orders|cases)(?:/[^/]+)?|return/[^/]+)?)?/?$`)

// widgetPath says whether a path is one of the widget's, and which page of the
// portal it shows; other paths are their own.
func widgetPath(path string) (page string, ok bool) {
	found := inFrame.FindStringSubmatch(path)
	if found == nil {
		return path, false
	}
	if found[1] == "" {
		return "/", true
	}
	return found[1], true
}

// admit is a policy that lets the sites that the shop names show a page inside
// theirs. Where it names none the page stays alone.
func (l Look) admit(policy string) string {
	if len(l.Origins) == 0 {
		return policy
	}
	return strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors "+strings.Join(l.Origins, " "), 1)
}

// frame tells a page which sites these are.
func (l Look) frame(page file) file {
	list, err := json.Marshal(l.Origins)
	if err != nil {
		panic(err) // texts always are JSON
	}
	data := append([]byte(`<script type="application/json" id="widget">`), list...)
	text := bytes.Replace(page.plain, headEnd, append(append(data, "</script>"...), headEnd...), 1)
	return file{plain: text, mediaType: page.mediaType, tag: tag(text)}
}

// include serves the script with the colours of the shop in it, so that a site
// asks once and needs to allow nothing else. It belongs to no reader: whoever
// includes it, it is the same.
func (p *Pages) include(w http.ResponseWriter, r *http.Request) {
	var look Look
	if p.Look != nil {
		look = p.Look(r)
	}
	text := p.widget
	if look.Accents[0] != "" {
		colours, err := json.Marshal(look.Accents)
		if err != nil {
			panic(err) // texts always are JSON
		}
		text = bytes.Replace(text, []byte(placeholder), append(append([]byte(`{accent:`), colours...), '}'), 1)
	}
	h := w.Header()
	h.Del("Vary")
	h.Del("Link")
	h.Set("Cache-Control", "public, max-age=3600, stale-while-revalidate=86400")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // sites that isolate themselves include it as well
	file{plain: text, mediaType: mediaType(script), tag: tag(text)}.serve(w, r, http.StatusOK)
}
