# Everything runs in .venv, which `make install` (and whatever needs it) builds from requirements.txt.
#
#     make demo        the whole method on embedded data, offline once installed
#     make demo-qa     the same for question answering
#     make smoke       a study of a tiny encoder, from its file to its report
#     make test        the test suite, in two processes    (make test ARGS="-k covering -x" passes arguments to pytest)
#     make check       style, types, architecture
#     make gpu-check   what only a GPU can tell, under 8 minutes: tests and measurements (make gpu-check ARGS=--wheels)
#     make docs        docs/ as a site, in build/docs; offline, warnings are errors
#     make install     the environment only          (make install PYTHON=/path/to/python3.13 picks the Python)
#     make lock        requirements.in -> requirements.txt     (make lock ARGS=--upgrade takes the newest releases)
#     make clean       removes caches, build products and the demos' results; rm -rf .venv removes the environment

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help install demo demo-qa smoke test check gpu-check docs lock clean

SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
SUITABLE = $(shell for p in $(1); do $$p -c '$(SUPPORTED)' 2>/dev/null && echo $$p && break; done || true)
PYTHON ?= $(or $(call SUITABLE,python3 python3.13 python3.12 python3.11),python3)
FOUND = $(or $(shell command -v $(PYTHON) >/dev/null && $(PYTHON) --version 2>/dev/null || true),not there)
WRONG_PYTHON = Python 3.11, 3.12 or 3.13 is needed; $(PYTHON) is $(FOUND). Use make PYTHON=/path/to/python3.13
BIN := .venv/bin
INSTALLED := .venv/installed
ARGS :=
WORKERS := 2

help:
	@sed -n 's/^#     //p' Makefile

install: $(INSTALLED)

demo: $(INSTALLED)
	@$(BIN)/python -m demo $(ARGS)

demo-qa: $(INSTALLED)
	@$(BIN)/python -m demo.qa $(ARGS)

smoke: $(INSTALLED)
	@$(BIN)/python -m xlamaml_allennlp study training_configs/studies/smoke.jsonnet -s runs/smoke --jobs 2 $(ARGS)

test: $(INSTALLED)
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: $(INSTALLED)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q tests/architecture_test.py

# On a machine of others, whose PyTorch is taken where there is no .venv: nothing is installed.
gpu-check:
	@$(or $(wildcard $(BIN)/python),$(PYTHON)) -m benchmarks.gpu_check $(ARGS)

# What this release of the theme says of MkDocs 2 is for its makers.
docs: $(INSTALLED)
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet $(ARGS)
	@echo build/docs/index.html

# One pin of each package, for every Python and platform; [tool.uv] in pyproject.toml says what to look away from.
LOCK = $(BIN)/uv pip compile requirements.in --output-file requirements.txt --universal --python-version 3.11 \
	--fork-strategy fewest --no-annotate --custom-compile-command 'make lock' --quiet

lock: $(BIN)/python
	@$(BIN)/python -m pip install --quiet uv
	@$(LOCK) $(ARGS)

clean:
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis demo/runs
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

# pip says of a local index that it lacks a package; with another index at hand that is no news.
PIP = 2> >(grep -v 'is neither a file nor a directory' >&2) $(BIN)/python -m pip install --no-deps

# A .venv that exists is taken as it is. setuptools and wheel go first: two packages are built from source.
$(INSTALLED): requirements.txt setup.py | $(BIN)/python
	@echo "Installing $$(grep -c == requirements.txt) pinned packages into .venv: about 7 GB, some minutes."
	@$(PIP) --quiet $$(grep -E '^(setuptools|wheel)==' requirements.txt)
	@$(PIP) --no-build-isolation -r requirements.txt | awk '/^Collecting/ { print "  " $$2; fflush() }'
	@$(PIP) --quiet --no-build-isolation --editable .
	@touch $@

$(BIN)/python:
	$(if $(call SUITABLE,$(PYTHON)),,$(error $(WRONG_PYTHON)))
	@$(PYTHON) -m venv .venv
