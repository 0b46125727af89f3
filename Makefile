# What a person types. `make run` and `make test` need Python 3.11 with venv and nothing else.

SHELL := /bin/bash
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# Folder of the environment; another name keeps two checkouts or two Pythons apart.
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
JOBS ?= auto

.DEFAULT_GOAL := help
.PHONY: help run test check fast-check test-postgresql journeys bench format lock screenshots clean

help: ## show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 26

run: $(VENV)/.run-ready ## start Гемба with four municipalities and invented people, and print the address
	@GEMBA_DEMO=1 $(BIN)/gemba migrate
	@GEMBA_DEMO=1 $(BIN)/gemba demo
	@GEMBA_DEMO=1 exec $(BIN)/gemba serve --host $(HOST) --port $(PORT)

test: $(VENV)/.dev-ready ## the tests, on the embedded database, without a browser
	$(PYTEST) -q -n $(JOBS) -m "not browser and not bench"

check: $(VENV)/.dev-ready fast-check test-postgresql journeys ## everything that CI runs
	@echo "make check: всё в порядке"

fast-check: $(VENV)/.dev-ready ## format, lint, types, contracts, Django's checks, migrations, lock, shipped regulations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tests/lock.py check
	GEMBA_VAR=$$(mktemp -d) $(BIN)/python manage.py check --fail-level WARNING
	GEMBA_VAR=$$(mktemp -d) GEMBA_HTTPS=1 GEMBA_HOSTS=gemba.example $(BIN)/python manage.py check --deploy --fail-level WARNING
	GEMBA_VAR=$$(mktemp -d) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/gemba regulation check regulations/*/*.yaml > /dev/null

test-postgresql: $(VENV)/.dev-ready ## every test that asks a database, on PostgreSQL, which this starts and ends by itself
	$(BIN)/python tests/postgresql.py $(PYTEST) -q -n $(JOBS) -m "database and not browser and not bench"

# Two browsers side by side, each with an installation of its own: the walk over every page, and the stories.
EVERY_PAGE := tests/journeys/test_every_page.py

journeys: $(VENV)/.dev-ready ## whole stories in Chromium, with axe on every page
	@walk=$$(mktemp); $(PYTEST) -q -m browser $(EVERY_PAGE) > $$walk 2>&1 & walker=$$!; \
	  trap 'kill $$walker 2>/dev/null; rm -f $$walk' EXIT; \
	  $(PYTEST) -q -m browser --ignore=$(EVERY_PAGE); stories=$$?; \
	  wait $$walker; walked=$$?; cat $$walk; exit $$((stories + walked))

bench: $(VENV)/.dev-ready ## measure the main pages at 1x, 10x and 100x the data
	$(BIN)/python tests/load/bench.py
	$(BIN)/python tests/load/region.py
	$(BIN)/python tests/load/campaign.py

screenshots: $(VENV)/.dev-ready ## take the pictures of the README
	$(BIN)/python tests/screenshots.py

format: $(VENV)/.dev-ready ## put the code into its one form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/.dev-ready ## write the lock files anew (needs the network)
	$(BIN)/python tests/lock.py write

clean: ## remove the environment and caches; the data in var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# --- the environment: made once, made anew when a lock file changes -------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Нужен Python 3.11 или новее; «$(PYTHON)» не подходит или не найден." >&2; \
	  echo "Установите его (Debian: apt-get install python3 python3-venv) или укажите: make $(MAKECMDGOALS) PYTHON=/путь/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "У Python нет модуля venv. Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Готовим окружение $(VENV) (один раз, около минуты)…"
	@$(PYTHON) -m venv $(VENV)

PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet

$(VENV)/.run-ready: requirements.txt pyproject.toml | $(BIN)/python
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev-ready: requirements-dev.txt pyproject.toml | $(BIN)/python
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(VENV)/.run-ready $@
