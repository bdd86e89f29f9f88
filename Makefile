# Jeton. "make help" lists what there is.
#
# Needs Go 1.26, Node 20 and make, and for the small module TinyGo 0.41 or what wasm/slim/README.md lists. The tests also want a C
# compiler (for the race detector), Chromium, PostgreSQL and python3 with venv; .ci/run installs all of it on Debian.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

CACHE := $(CURDIR)/.cache
PYTHON := $(CACHE)/venv/bin/python
JETON := $(CURDIR)/bin/jeton
# Where PostgreSQL's server programs are: in a folder of their own on Debian, beside each other elsewhere.
POSTGRES ?= $(or $(lastword $(sort $(wildcard /usr/lib/postgresql/*/bin))),$(patsubst %/initdb,%,$(shell command -v initdb || true)),/usr/lib/postgresql)
FUZZTIME ?= 60s
# The race detector watches what is written here. Libraries that compute take several times as long under it, and are left out.
UNWATCHED := crypto/... golang.org/x/crypto/... github.com/tetratelabs/wazero/... modernc.org/...
RACE := -race $(patsubst %,-gcflags=%=-race=false,$(UNWATCHED))
STATE := .jeton
BUILD ?= edge

export npm_config_audit = false
export npm_config_fund = false
export npm_config_update_notifier = false

GO_SOURCES := $(shell find core wasm workers -name '*.go' -not -path '*/node_modules/*' 2>/dev/null) go.mod go.sum
PACKAGE := js/dist/index.js js/dist/jeton.wasm js/dist/jeton-full.wasm
JS_FOLDERS := js js/bench js/test/pack examples/browser workers/edge workers/bench wasm/slim

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(JETON) examples/browser/dist/index.html ## serve the API and the page on http://127.0.0.1:8000/ with SQLite
	@mkdir -p $(STATE)
	exec $(JETON) serve --demo --addr 127.0.0.1:8000 --db $(STATE)/jeton.sqlite3

.PHONY: edge
edge: $(JETON) workers/edge/node_modules ## serve the same on local workerd with a local D1, on http://127.0.0.1:8787/ (BUILD=syumai: the other build)
	cd workers/edge && npm run --silent build && exec node local.mjs --port 8787 --build $(BUILD) --jeton $(JETON)

.PHONY: build
build: $(JETON) wasm js/dist/index.js examples/browser/dist/index.html ## build everything that is shipped

.PHONY: wasm
wasm: js/dist/jeton-full.wasm ## build both WebAssembly modules: jeton.wasm (TinyGo), jeton-full.wasm (Go)
	@if ! $(MAKE) -q js/dist/jeton.wasm; then \
	  if node wasm/slim/check.mjs; then $(MAKE) --no-print-directory js/dist/jeton.wasm; \
	  else [ $$? -eq 3 ]; fi; \
	fi # 3: there is no TinyGo, as it has said; the full module does the same work

$(JETON): $(GO_SOURCES)
	go build -trimpath -o $@ ./workers/cmd/jeton

js/dist/jeton-full.wasm: $(GO_SOURCES)
	@mkdir -p $(@D)
	go run ./wasm/full/cmd $@

js/dist/jeton.wasm: $(GO_SOURCES) $(wildcard wasm/slim/*.mjs wasm/slim/*.json) wasm/slim/node_modules
	node wasm/slim/build.mjs $@

%/node_modules: %/package-lock.json
	cd $* && npm ci --no-progress
	@touch $@

js/dist/index.js: js/node_modules js/build.mjs $(shell find js/src -type f 2>/dev/null)
	cd js && npm run --silent build

examples/browser/dist/index.html: js/dist/index.js js/dist/jeton-full.wasm $(wildcard js/dist/jeton.wasm) examples/browser/node_modules $(shell find examples/browser/src -type f 2>/dev/null) | wasm
	cd examples/browser && npm run --silent build

.PHONY: test
test: lint test-go fuzz-short test-js corpus test-browser test-edge test-examples ## run every test there is

.PHONY: lint
lint: ## check formatting and go vet
	@unformatted=$$(gofmt -l core wasm workers examples); if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted"; exit 1; fi
	go vet ./...
	cd core/peers && go vet ./...

.PHONY: test-go
test-go: $(CACHE)/venv/installed $(CACHE)/venv-jpadilla/installed js/dist/jeton.wasm workers/edge/node_modules ## Go tests with the race detector, wazero, PyJWT, jwx, Django, D1 and PostgreSQL
	JETON_PYTHON=$(PYTHON) JETON_DJANGO_PYTHON=$(PYTHON) JETON_JPADILLA_PYTHON=$(CACHE)/venv-jpadilla/bin/python JETON_NODE=node JETON_POSTGRES=$(POSTGRES) JETON_SLIM_WASM=$(CURDIR)/js/dist/jeton.wasm go test $(RACE) -timeout 30m ./...
	cd core/peers && go test $(RACE) -timeout 30m ./...

$(CACHE)/venv/installed: Makefile
	python3 -m venv $(CACHE)/venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check 'PyJWT==2.15.0' 'cryptography==50.0.2' \
	  'Django==5.2.19' 'djangorestframework==3.18.3' 'djangorestframework-simplejwt==5.5.1' 'drf-jwt==1.19.2' \
	  'argon2-cffi==25.1.0' 'bcrypt==5.0.0' 'psycopg[binary]==3.3.9'
	@touch $@

# djangorestframework-jwt was given up in 2019: Django 3.2 is the newest that it runs on.
$(CACHE)/venv-jpadilla/installed: Makefile
	python3 -m venv $(CACHE)/venv-jpadilla
	$(CACHE)/venv-jpadilla/bin/python -m pip install --quiet --disable-pip-version-check 'Django==3.2.25' 'djangorestframework==3.14.0' \
	  'djangorestframework-jwt==1.11.0' 'PyJWT==1.7.1' 'cryptography==50.0.2' 'setuptools==80.9.0' 'legacy-cgi==2.6.4; python_version >= "3.13"'
	@touch $@

# Now and then the go command takes the end of the time for a failure (golang/go#75804). A real one writes the input that failed.
.PHONY: fuzz
fuzz: ## run each fuzz test for FUZZTIME (60s)
	@go list -f '{{.Dir}}' ./... | while read -r folder; do \
	  { grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$$folder"/*_test.go 2>/dev/null || true; } | sed 's/^func //' | while read -r name; do \
	    echo "$$name in $${folder#$(CURDIR)/}"; \
	    if ! output=$$(go test "$$folder" -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) </dev/null 2>&1); then \
	      printf '%s\n' "$$output"; \
	      grep -q '^ *context deadline exceeded$$' <<<"$$output" && ! grep -qE 'Failing input written|panic:|DATA RACE' <<<"$$output" || exit 1; \
	    fi; \
	  done; \
	done

.PHONY: fuzz-short
fuzz-short: # what "make test" spends on fuzzing
	@$(MAKE) --no-print-directory fuzz FUZZTIME=5s

.PHONY: test-js
test-js: $(PACKAGE) js/test/pack/node_modules $(JETON) $(CACHE)/venv/installed ## the npm package in Node, Chromium, Deno, Bun, workerd and bundlers, its client against jeton and Django
	cd js && JETON_BIN=$(JETON) JETON_DJANGO_PYTHON=$(PYTHON) npm test

.PHONY: corpus
corpus: $(PACKAGE) ## run the attacks, the standards' examples and Wycheproof in every host, and compare
	node js/corpus/run.mjs

.PHONY: test-browser
test-browser: $(JETON) $(PACKAGE) examples/browser/dist/index.html ## the example page in Chromium against the real server
	cd examples/browser && JETON_BIN=$(JETON) npm test

.PHONY: test-edge
test-edge: $(JETON) workers/edge/node_modules ## the edge and the syumai builds on workerd with D1
	cd workers/edge && npm run --silent build && JETON_BIN=$(JETON) npm test

.PHONY: test-examples
test-examples: ## the Django site with Jeton beside it, and moved to a Cloudflare Worker (the browser's and the Go example have their tests above)
	$(MAKE) --no-print-directory -C examples/django test
	$(MAKE) --no-print-directory -C examples/cloudflare test

INTEROP_ENVIRONMENTS := $(patsubst workers/interop/site/%.txt,$(CACHE)/interop/%,$(wildcard workers/interop/site/requirements*.txt))

.PHONY: interop
interop: $(JETON) workers/edge/node_modules $(INTEROP_ENVIRONMENTS) ## hold jeton and the edge build against real Django, request by request
	cd workers/edge && npm run --silent build:edge
	cd workers/interop && JETON_BIN=$(JETON) JETON_POSTGRES=$(POSTGRES) JETON_INTEROP_ENVIRONMENTS=$(CACHE)/interop \
	  go test -count=1 -parallel 4 -timeout 20m

$(CACHE)/interop/%: workers/interop/site/%.txt
	python3 -m venv --clear $@
	$@/bin/python -m pip install --quiet --disable-pip-version-check --requirement $< || [ $* = requirements-djangorestframework-jwt ] # the tests say so
	@touch $@

.PHONY: bench
bench: ## time core beside other JWT libraries, as ratios; BENCHFLAGS="-rounds 30 -json out.json"
	cd core/peers && go run ./cmd/compare speed -json bench.json $(BENCHFLAGS)

.PHONY: tables
tables: bench ## write what bench and hostile find into README.md
	cd core/peers && go run ./cmd/compare readme -json bench.json ../../README.md

.PHONY: hostile
hostile: ## print which hostile tokens each JWT library accepts, as Markdown
	@cd core/peers && go run ./cmd/compare hostile

.PHONY: bench-js
bench-js: $(PACKAGE) js/bench/node_modules ## time the npm package beside other JWT libraries in Node, Chromium and workerd, as ratios; BENCHFLAGS="--rounds 101"
	cd js/bench && node bench.mjs $(BENCHFLAGS)

.PHONY: bench-http
bench-http: $(JETON) workers/edge/node_modules workers/bench/node_modules $(CACHE)/interop/requirements ## time the service beside Django, hono and jose, as ratios; BENCHFLAGS="--rounds 11 --json out.json"
	cd workers/edge && npm run --silent build
	cd workers/bench && JETON_BIN=$(JETON) JETON_DJANGO_PYTHON=$(CACHE)/interop/requirements/bin/python node bench.mjs $(BENCHFLAGS)

.PHONY: size
size: $(PACKAGE) js/bench/node_modules ## print the size of what is shipped, and fail over budget
	@node js/bench/size.mjs

.PHONY: clean
clean: ## remove what was built, not the databases
	$(MAKE) --no-print-directory -C examples/django clean
	$(MAKE) --no-print-directory -C examples/cloudflare clean
	rm -rf bin .cache $(addsuffix /dist,$(JS_FOLDERS)) $(addsuffix /node_modules,$(JS_FOLDERS))
