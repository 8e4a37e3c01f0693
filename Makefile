# Every target sets up what it needs. `make run` serves the sample town, `make test` proves the project.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: setup run test check samples screenshots

setup: $(VENV)/.run

run: $(VENV)/.run
	$(BIN)/amtslotse demo

test: check
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

# What is made from the sample pages and example questions by our own embedder.
samples: $(VENV)/.dev
	$(BIN)/python -m assistant.evaluation.vectors
	$(BIN)/python -m assistant.evaluation.centres

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@ $(VENV)/.run
