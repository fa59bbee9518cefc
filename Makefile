# Two commands to know: `make run` and `make test`. `make help` lists every task.
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
LOCKS := run:build dev:dev
export UV_NO_PROGRESS := 1

.DEFAULT_GOAL := help
.PHONY: help run demo setup test test-long fuzz check format lock messages screenshots clean

help: ## List every task
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: .venv/run.stamp ## Run the whole service; Ctrl-C stops it
	@$(BIN)/daily8 run

demo: .venv/run.stamp ## Run a made-up newsroom that needs no network
	@$(BIN)/daily8 run --demo

setup: .venv/run.stamp ## Make the environment, and fetch the model that embeds English texts
	@$(BIN)/daily8 models install minilm --optional

test: .venv/dev.stamp .venv/browser.stamp ## Run the tests
	@$(BIN)/pytest -n 2 -m "not long"

test-long: .venv/dev.stamp .venv/browser.stamp ## Run all tests, the long ones too
	@$(BIN)/pytest -n 2 --timeout 1200

fuzz: .venv/dev.stamp ## Fuzz what reads strangers' bytes: make fuzz TARGET=feed SECONDS=60
	@$(BIN)/python -m tests.fuzz $(or $(TARGET),all) --seconds $(or $(SECONDS),60)

check: .venv/dev.stamp ## Check style, types and the floors of the house
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted; 'make format' does it."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/mypy

format: .venv/dev.stamp ## Format the code and mend what can be mended
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

lock: .venv/dev.stamp ## Lock the newest allowed dependencies
	@for pair in $(LOCKS); do $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate pyproject.toml --group $${pair#*:} -o requirements/$${pair%:*}.lock; done

screenshots: .venv/browser.stamp ## Take the pictures of docs/screens anew
	@$(BIN)/python -m tools.screenshots

messages: .venv/dev.stamp ## Gather the texts of the pages for translation, and compile the translations
	@$(BIN)/python -m tools.messages extract
	@$(BIN)/python -m tools.messages compile

clean: ## Delete the environment and caches; data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Daily8 needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/run.stamp: requirements/run.lock pyproject.toml | .venv/bin/uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements/dev.lock .venv/run.stamp
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.lock
	@touch $@

.venv/browser.stamp: tools/browser.sh .venv/dev.stamp
	@bash tools/browser.sh
	@touch $@
