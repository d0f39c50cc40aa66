# Puente: `make run` starts everything, `make test` runs every test but the slow ones. `make help` lists the rest.

PORT ?= 8000
HOST ?= localhost
PYTEST_WORKERS ?= 3
SHELL := /bin/sh
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po)

# What Python compiles is kept: the next process starts in half the time.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-slow check bench quality chaos messages locks browser clean

help: ## what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/installed .venv/translated ## everything on this machine: http://localhost:$(PORT)
	@exec $(BIN)/python -m config.supervisor --leashed --simulator --port "$(PORT)" --host "$(HOST)"

test: .venv/installed-dev .venv/translated browser ## all tests but the slow ones
	$(BIN)/python -m pytest -m "not slow" -n $(PYTEST_WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

test-slow: .venv/installed-dev .venv/translated browser ## the rest: kill tests, large data
	$(BIN)/python -m pytest -m slow $(ARGS)

check: .venv/installed-dev ## style, types, import arrows, templates, migrations
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy .
	$(BIN)/lint-imports
	$(BIN)/djade --check $$(git ls-files --cached --others --exclude-standard 'templates/*.html')
	$(BIN)/python manage.py makemigrations --check --dry-run
	PUENTE_BASE_URL=https://puente.example EMAIL_URL=smtp://localhost $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: .venv/installed-dev .venv/translated ## benchmarks; ONLY=name,… SCALE=1|10
	$(BIN)/python -m bench $(if $(ONLY),--only "$(ONLY)") $(if $(SCALE),--scale "$(SCALE)")

quality: .venv/installed ## how well the bot understands; HALF=open|kept, ARGS=--words-only
	$(BIN)/python -m quality $(if $(HALF),--half "$(HALF)") $(ARGS)

chaos: .venv/installed-dev .venv/translated ## kill tests with a ledger; ONLY=name,… SEED=number CONFIRMATIONS=10000
	$(BIN)/python -m tests.chaos $(if $(ONLY),--only "$(ONLY)") $(if $(SEED),--seed "$(SEED)") $(if $(CONFIRMATIONS),--confirmations "$(CONFIRMATIONS)")

messages: .venv/installed-dev ## extract strings into locale/*/LC_MESSAGES
	$(BIN)/python manage.py makemessages --locale es --locale pt_BR --locale en --no-location --ignore .venv --ignore .data

locks: ## make both lock files anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "puente: make locks needs uv: python3 -m pip install uv" >&2; exit 1; }
	$(LOCK) -o requirements.lock pyproject.toml
	$(LOCK) --group dev -o requirements-dev.lock pyproject.toml

LOCK = uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header

browser: .venv/installed-dev
	@sh .ci/browser

clean: ## remove the environment and compiled files; data in .data stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete

.PHONY: gone
gone:

# --- installed once, again when a lock file changes ---

# Made anew when .python-version changes and when the Python it was made from is gone.
.venv/python: .python-version $(if $(shell $(BIN)/python -c 'print(1)' 2>/dev/null),,gone)
	@set -e; python=$$(sh .ci/find-python); "$$python" -m venv --clear .venv \
		|| { echo "puente: $$python cannot make environments: install its venv module (python3-venv)" >&2; rm -rf .venv; exit 1; }
	@touch $@

.venv/installed: .venv/python requirements.lock
	@echo "puente: installing" && $(PIP) -r requirements.lock && touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@echo "puente: installing what tests need" && $(PIP) -r requirements-dev.lock && touch $@

.venv/translated: .venv/installed $(CATALOGUES)
	@$(BIN)/python manage.py compiletranslations && touch $@
