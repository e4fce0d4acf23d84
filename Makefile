# `make deck` exports the example notes, `make test` passes every check. Each sets up what it needs, once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# `make bench` tells how long an export takes, `make golden` rewrites the golden files, `make docs` what the documentation
# shows of commands and settings, `make pictures` its pictures, `make format` mends style.
.PHONY: deck test test-long bench golden docs pictures format clean

deck: $(VENV)/.installed
	$(BIN)/offbook export

test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

test-long: $(VENV)/.installed-test
	$(BIN)/pytest -m long

bench: $(VENV)/.installed-test
	$(BIN)/python benchmarks/run.py

golden: $(VENV)/.installed-test
	UPDATE_GOLDEN=1 $(BIN)/pytest -n0 tests/test_golden_cards.py tests/test_golden_html.py

docs: $(VENV)/.installed-test
	$(BIN)/python tests/pages.py

pictures: $(VENV)/.installed-test
	$(BIN)/python tests/pictures.py

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "offbook needs Python 3.11 or newer; try make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/.installed
