# Each target sets up what it needs. PYTHON: the interpreter that makes .venv (3.11 or newer).
PYTHON ?= python3
VENV_PYTHON = .venv/bin/python

.PHONY: run test check

run:
	@$(PYTHON) start.py

test:
	@$(PYTHON) start.py models --dev
	@$(VENV_PYTHON) tests/browser.py
	@$(VENV_PYTHON) -m pytest $(ARGS)

check:
	@$(PYTHON) start.py install --dev
	@$(VENV_PYTHON) -m ruff format --check .
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m mypy
