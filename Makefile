# Aftercare. "make" lists what there is.
SHELL := /bin/bash
GO ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
LDFLAGS := -s -w -X main.version=$(VERSION)
WEB := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null)
FONT := goods/shipment/font/han.ttf.gz
export CGO_ENABLED := 0

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help run build test test-short lint fmt web font docs bench fuzz e2e clean

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

run: build ## start with a demo shop in var/demo and print its address and sign-ins
	@mkdir -p var && ./bin/aftercare serve --demo --demo-setup --data var/demo

build: web font ## bin/aftercare, one file with everything in it
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/aftercare ./cmd/aftercare

test: ## everything: both databases, pages, documents, browser (about an hour on 2 cores)
	@scripts/test.sh all

test-short: ## Go tests on SQLite and vet (under 3 minutes on 2 cores)
	@scripts/test.sh short

lint: ## vet, staticcheck, format
	@scripts/test.sh lint

fmt: ## format Go and web sources
	gofmt -w $$(git ls-files '*.go')
	cd web && npm run format

web: web/dist/portal.html ## the pages in web/dist

web/node_modules/.package-lock.json: web/package-lock.json
	@scripts/tools.sh node
	cd web && npm ci --no-audit --no-fund
	@touch $@

web/dist/portal.html: web/node_modules/.package-lock.json $(filter-out web/node_modules/.package-lock.json,$(WEB))
	cd web && npm run build
	@touch $@

font: $(FONT) ## the font of return labels

$(FONT): goods/shipment/fontbuild/build.mjs goods/shipment/fontbuild/package-lock.json
	@scripts/tools.sh node
	node goods/shipment/fontbuild/build.mjs
	@touch $@

docs: font ## generated documents in docs/
	$(GO) run ./cmd/aftercare docs all docs

bench: build ## measure: bench/README.md says what
	@bench/run.sh

fuzz: ## a million random orders, and inputs that break the parsers, 20 s each
	@scripts/fuzz.sh 20s 1000000

e2e: build ## the walk through a return in a real browser
	@scripts/tools.sh node chromium
	$(GO) test -count=1 ./e2e/...

clean: ## remove what was built and the demo
	rm -rf bin var web/dist/assets web/dist/*.html* web/dist/.vite web/node_modules goods/shipment/font/*.gz
