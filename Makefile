# Data Query Agent. `make run` starts it, `make test` checks it; both do all the set-up that they need.

CARGO ?= cargo
NPM ?= npm
# The page's sources: a change in one of them builds the page again.
FRONTEND_SOURCES := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/.next/*' -not -path '*/out/*' -not -path '*/tests/*' -not -path '*/e2e/*' 2>/dev/null)
BINARY := target/release/data-query-agent
NODE_SOURCES := frontend/package.json frontend/package-lock.json

export NEXT_TELEMETRY_DISABLED := 1

.DEFAULT_GOAL := help
.PHONY: help run test dev frontend release fmt lint gen e2e bench samples fuzz-api fuzz-sql audit

help: ## Say what each target does
	@grep -E '^[a-z0-9-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 14

run: release ## Build what is missing, then start everything on http://127.0.0.1:8000
	@$(BINARY) serve

release: frontend ## Build the binary with the page inside
	@$(CARGO) build --release --locked --bin data-query-agent

frontend: frontend/out/index.html ## Build the page

frontend/out/index.html: frontend/node_modules/.package-lock.json $(FRONTEND_SOURCES)
	@cd frontend && $(NPM) run --silent build
	@touch $@

frontend/node_modules/.package-lock.json: $(NODE_SOURCES)
	@cd frontend && $(NPM) ci --no-fund --no-audit --loglevel=error
	@touch $@

test: frontend ## Run every check: format, lints, unit, API and browser tests
	@scripts/test.sh

dev: frontend/node_modules/.package-lock.json ## Server and `next dev` side by side, the page on http://localhost:3000
	@scripts/dev.sh

fmt: frontend/node_modules/.package-lock.json ## Format all code
	@$(CARGO) fmt --all
	@cd frontend && $(NPM) run --silent format

lint: frontend/node_modules/.package-lock.json ## Lints of both halves, and who may import whom
	@scripts/lint.sh

gen: frontend/node_modules/.package-lock.json ## Write openapi.json and the page's types anew
	@$(CARGO) run --quiet --bin data-query-agent -- openapi > openapi.json.new && mv openapi.json.new openapi.json
	@cd frontend && $(NPM) run --silent gen:api

e2e: frontend ## The browser tests alone
	@scripts/e2e.sh

bench: ## Speed and memory of this build
	@scripts/bench.sh

samples: ## Make data/samples anew
	@node scripts/make-samples.mjs

fuzz-api: release ## Throw generated requests at the running binary (needs Python)
	@scripts/fuzz-api.sh

fuzz-sql: ## Hostile SQL against the sandbox for SECONDS (1800)
	@$(CARGO) run --release --locked --quiet -p store --example fuzz_sql -- $(or $(SECONDS),1800) $(SEED)

audit: ## Licences, sources and known faults of all dependencies
	@scripts/audit.sh
