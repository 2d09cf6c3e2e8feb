package httpapi

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"sync"
)

//go:embed docs/*
var docs embed.FS

// The reference is plain HTML made here from the document: it works without
// scripts, without other sites and under the strict policy.
var pages = template.Must(template.ParseFS(docs, "docs/*.html"))

// mountDocument serves the document in both notations and for people.
func (a *API) mountDocument() {
	a.fixed("/openapi.json", "application/openapi+json", func() ([]byte, error) { return json.Marshal(a.OpenAPI()) })
	a.fixed("/openapi.yaml", "application/openapi+yaml", a.YAML)
	a.fixed("/docs", "text/html; charset=utf-8", func() ([]byte, error) { return render("reference.html", a.reference()) })
	a.fixed("/problems", "text/html; charset=utf-8", func() ([]byte, error) { return render("problems.html", problemEntries()) })
	a.fixed("/docs/style.css", "text/css; charset=utf-8", func() ([]byte, error) { return docs.ReadFile("docs/style.css") })
}

// fixed serves bytes that are made when first asked for.
func (a *API) fixed(path, kind string, content func() ([]byte, error)) {
	once := sync.OnceValues(content)
	a.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
		body, err := once()
		if err != nil {
			w.(*exchange).refuse(err)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(body)
	})
}

func render(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	err := pages.ExecuteTemplate(&b, name, data)
	return b.Bytes(), err
}
