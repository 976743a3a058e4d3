# Data Query Agent. `make run` starts it, `make test` checks it; both do all the set-up that they need.

CARGO ?= cargo
NPM ?= npm
# The page's sources: a change in one of them builds the page again.
FRONTEND_SOURCES := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/.next/*' -not -path '*/out/*' -not -path '*/tests/*' -not -path '*/e2e/*' 2>/dev/null)
BINARY := $(or $(CARGO_TARGET_DIR),target)/release/data-query-agent
NODE_SOURCES := frontend/package.json frontend/package-lock.json

export NEXT_TELEMETRY_DISABLED := 1

.DEFAULT_GOAL := help
.PHONY: help run test dev frontend release fmt lint gen e2e bench eval fit samples fuzz-api fuzz-sql audit

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

eval: $(if $(DATA),$(if $(DQA_BINARY),,release)) ## Ask DATA's questions and judge the answers (needs Python; eval/README.md)
	@test -n "$(DATA)" || { echo "DATA=<folder> is missing: see eval/README.md" >&2; exit 1; }
	@python3 -m eval "$(DATA)" --binary "$(or $(DQA_BINARY),$(BINARY))" $(if $(SETS),--sets "$(SETS)") \
	  $(if $(MODEL),--model "$(MODEL)") $(if $(OLLAMA),--ollama "$(OLLAMA)") $(if $(LIMIT),--limit $(LIMIT)) \
	  $(if $(TODAY),--today $(TODAY)) $(if $(OUT),--out "$(OUT)") $(ARGS)

FIT_SETS ?= analyst own kaggledbqa sql_eval bird_superhero spider
READING := crates/agent/src/reading
# Writes what the reader makes of each prepared question; built anew, because the weights are part of the program.
DUMP = $(CARGO) run --release --locked --quiet -p agent --example read_questions -- "$(CACHE)" $(1) $(if $(NOT),--not $(NOT)) --dump "$(CACHE)/$(1).dump.jsonl" > "$(CACHE)/$(1).dump.txt"
DUMPS = $(foreach set,$(FIT_SETS),"$(CACHE)/$(set).dump.jsonl")

fit: ## Fit the ranking and the confidence on CACHE's prepared questions (NOT=db,db: databases kept back)
	@test -n "$(CACHE)" || { echo "CACHE=<folder that make eval prepared> is missing: see eval/README.md" >&2; exit 1; }
	@$(foreach set,$(FIT_SETS),$(call DUMP,$(set)) && ) true
	@python3 -m eval.fit $(DUMPS) --weights $(READING)/weights.json --write
	@$(foreach set,$(FIT_SETS),$(call DUMP,$(set)) && ) true
	@python3 -m eval.calibrate $(DUMPS) --confidence $(READING)/confidence.json --write

samples: ## Make data/samples anew
	@node scripts/make-samples.mjs

fuzz-api: release ## Throw generated requests at the running binary (needs Python)
	@scripts/fuzz-api.sh

fuzz-sql: ## Hostile SQL against the sandbox for SECONDS (1800)
	@$(CARGO) run --release --locked --quiet -p store --example fuzz_sql -- $(or $(SECONDS),1800) $(SEED)

audit: ## Licences, sources and known faults of all dependencies
	@scripts/audit.sh
