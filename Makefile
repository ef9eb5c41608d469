# One place for every command. `make` alone lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet

# Byte code is kept: without it every start costs seconds.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint bench lock browser clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

$(VENV)/installed: requirements.txt pyproject.toml
	@echo "Installing the tool into $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt
	@echo "Installing what the tests need ..."
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

setup: $(VENV)/installed ## install only; leaves .venv/bin/lti-tool

demo: setup ## run the whole story with a small LMS on this machine; on a terminal, stay up to click through it
	@$(BIN)/lti-tool demo --story
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/lti-tool demo; fi

browser: # Chromium for the browser tests, from Debian where we may install it
	@.ci/browser

test: $(VENV)/installed-dev browser ## pass every test (SQLite, PostgreSQL, Chromium)
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

lint: $(VENV)/installed-dev ## format, lint, types and import rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

check: lint test ## exactly what CI runs

bench: $(VENV)/installed-dev ## measure against named peers, as ratios
	@$(BIN)/python -m tests.bench $(ARGS)

lock: ## compile the locked requirement files
	@test -x .venv-lock/bin/uv || ($(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip --quiet install uv)
	@.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --output-file requirements.txt pyproject.toml .ci/build.in
	@.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --constraint requirements.txt --extra postgres --output-file requirements-postgres.txt pyproject.toml .ci/build.in
	@.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --constraint requirements.txt --group dev --output-file requirements-dev.txt
	@.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --output-file tests/peers/openedx/requirements-xblock.txt tests/peers/openedx/requirements-xblock.in

clean: ## remove what the commands left behind
	@rm -rf $(VENV) .venv-lock .venv-xblock var .mypy_cache .ruff_cache
