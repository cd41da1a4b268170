# Each target sets up what it needs. PYTHON: the interpreter that makes .venv (3.11 or newer).
PYTHON ?= python3
VENV_PYTHON = .venv/bin/python

.PHONY: run test check eval bench

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

# LECTERN_EVAL: a folder of questions and documents; evaluation/README.md describes its layout. Goes on where it stopped.
eval:
	@test -n "$(LECTERN_EVAL)" || { echo "Set LECTERN_EVAL to a folder of questions: see evaluation/README.md"; exit 2; }
	@$(PYTHON) start.py models
	@$(VENV_PYTHON) -m evaluation all --data "$(LECTERN_EVAL)" --json build/evaluation.json \
		--predictions build/predictions.jsonl --table evaluation/README.md
	@echo "Table: evaluation/README.md; figures: build/evaluation.json; a line a question: build/predictions.jsonl"

# Speed beside the naive pipeline, in one run; some minutes on a quiet machine.
bench:
	@$(PYTHON) start.py models --dev
	@$(VENV_PYTHON) -m bench all --json build/bench.json --table bench/README.md
