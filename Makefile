# `make demo`, `make test`: each makes what it needs. Python 3.11 or later and make are all that must be there.

VENV := .venv
BIN := $(VENV)/bin
# The first Python that is new enough; PYTHON=... names another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
PYTEST_ARGS ?=

.PHONY: demo test bench lint docs env dev-env clean

demo: $(RUN_STAMP)
	$(BIN)/sdtm-builder demo

test: $(DEV_STAMP)
	$(BIN)/python -m pytest -n auto -q $(PYTEST_ARGS)

bench: $(DEV_STAMP)
	$(BIN)/python benchmarks/ae_rows.py
	$(BIN)/python benchmarks/lb_rows.py
	$(BIN)/python benchmarks/adam_rows.py
	$(BIN)/python benchmarks/compare_rows.py
	$(BIN)/python benchmarks/readers.py

lint: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy

docs: $(DEV_STAMP)
	$(BIN)/python tools/generate_docs.py

env: $(RUN_STAMP)

dev-env: $(DEV_STAMP)

# The stamps are older than pyproject.toml only when it has changed: nothing is installed twice.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed; name one: make $(MAKECMDGOALS) PYTHON=/path/to/python"; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

$(RUN_STAMP): pyproject.toml | $(BIN)/python
	$(PIP) install -q -e .
	@touch $@

$(DEV_STAMP): pyproject.toml | $(BIN)/python
	$(PIP) install -q -e ".[dev]"
	@touch $(RUN_STAMP) $@

clean:
	rm -rf $(VENV) *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
