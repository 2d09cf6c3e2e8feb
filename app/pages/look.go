package pages

import (
	"bytes"
	"strings"
)

// Look is what makes the portal a shop's own. It travels inside the page: asked
// for by a script, colours and logo would change before the customer's eyes.
type Look struct {
	Style string // rules of a style sheet; no markup
	Data  []byte // JSON that is safe inside a script element, for the page's script
	Icon  string // address of the icon of the browser's tab

	Origins []string  // of the sites that may show the widget inside theirs
	Accents [2]string // in light and dark, of the widget's button; empty: the standard ones
}

var (
	headEnd = []byte("</head>")
	favicon = []byte(`<link rel="icon" href="/favicon.svg" type="image/svg+xml" />`)
)

// dress returns the page with the look in its head, after the page's own style.
func (l Look) dress(page file) file {
	if l.Style == "" && len(l.Data) == 0 && l.Icon == "" {
		return page
	}
	var head strings.Builder
	if l.Style != "" {
		head.WriteString("<style>" + l.Style + "</style>")
	}
	if len(l.Data) > 0 {
		head.WriteString(`<script type="application/json" id="brand">` + string(l.Data) + "</script>")
	}
	text := bytes.Replace(page.plain, headEnd, append([]byte(head.String()), headEnd...), 1)
	if l.Icon != "" {
		text = bytes.Replace(text, favicon, []byte(`<link rel="icon" href="`+l.Icon+`" type="image/png">`), 1)
	}
	return file{plain: text, mediaType: page.mediaType, tag: tag(text)}
}
