package httpapi

import (
	"encoding/json"
	"net/http"
	"sync"
)

// mountDocument serves the document in both notations.
func (a *API) mountDocument() {
	serve := func(path, kind string, make func() ([]byte, error)) {
		once := sync.OnceValues(make)
		a.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
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
	serve("/openapi.json", "application/openapi+json", func() ([]byte, error) { return json.Marshal(a.OpenAPI()) })
	serve("/openapi.yaml", "application/openapi+yaml", a.YAML)
}
