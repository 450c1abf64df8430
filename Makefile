# Needs make and Python 3.11 or later, nothing else. Everything is installed into .venv beside this file.
#   make demo    a finished review, made before your eyes, in the new folder demo/
#   make test    every check and every test
#   make lint    formatting, style and types alone
#   make bench   how fast it is, how well it finds duplicates and orders records, as tables
#   make clean   remove what the above have made (never protocols/, searches/ or exports/)

.DEFAULT_GOAL := demo
.PHONY: demo test lint bench clean
SHELL := /bin/sh
PYTHON := .venv/bin/python

demo: .venv/.installed
	@if [ -e demo ]; then rm -rf demo.before && mv demo demo.before && echo "The earlier demo/ is now demo.before/."; fi
	@$(PYTHON) -m reviewkit demo demo
	@echo; echo "Before you type these commands, once in each terminal window:  . .venv/bin/activate"

test: lint
	$(PYTHON) -m pytest -n auto

lint: .venv/.installed-dev
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy

bench: .venv/.installed-dev
	$(PYTHON) benchmarks/run.py
	$(PYTHON) benchmarks/searching.py
	$(PYTHON) benchmarks/dedup.py
	$(PYTHON) benchmarks/ranking.py

clean:
	rm -rf .venv demo demo.before build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are newer than pyproject.toml once its dependencies are installed, so that the network is asked only once.
.venv/.installed: pyproject.toml
	@$(ENVIRONMENT)
	@echo "Installing reviewkit into .venv (a minute or two, only this once) ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/.installed-dev: pyproject.toml
	@$(ENVIRONMENT)
	@echo "Installing reviewkit and its development tools into .venv (a few minutes, only this once) ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch .venv/.installed $@

# Keep the environment where its Python works; else make it with the first Python that is new enough.
define ENVIRONMENT
.venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && exit 0; \
for python in python3 python3.13 python3.12 python3.11 python3.14 python; do \
  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
    echo "Making .venv with $$("$$python" --version) ($$(command -v "$$python")) ..."; \
    "$$python" -m venv --clear .venv && exit 0; \
    rm -rf .venv; \
    echo "Error: $$python cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; \
    exit 1; \
  fi; \
done; \
echo "Error: reviewkit needs Python 3.11 or later, and none was found (python3 is: $$(python3 --version 2>&1))." >&2; \
echo "Install one from https://www.python.org/downloads/ or with your system's packages, then run make again." >&2; \
exit 1
endef
