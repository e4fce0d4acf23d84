# `make deck` exports the example notes, `make test` passes every check. Each sets up what it needs, once.

PYTHON ?= python3
VENV := .venv
BIN = $(VENV)/bin
PYTHONS := 3.11 3.12 3.13 3.14
DIST := dist
FLOORS := .venv-floors
DESKTOP := $(CURDIR)/.venv-desktop
# Fast tests that reach every dependency, in files that need no browser.
FLOORS_TESTS := $(addprefix tests/test_,config.py export.py fields.py forecast.py golden_cards.py golden_html.py mathml.py \
	note.py notetypes.py parser.py render.py starting.py terminal.py watch.py)

# `make test-all` tests with every Python that is installed, `make test-floors` with the lowest releases of the
# dependencies that pyproject.toml allows, `make test-anki` with old releases of Anki, `make test-desktop` in the
# windows of the desktop Anki, `make dist` builds wheel and source, and tries both with every Python that is there,
# `make fuzz` feeds the program nonsense for two minutes. `make bench` tells how long
# exports take, of notes as people keep them and of generated ones, with BENCH=--large also of a hundred thousand cards.
# `make golden` rewrites the golden files, `make docs` what the documentation shows, `make pictures` and
# `make desktop-picture` its pictures, `make format` mends style.
.PHONY: deck dist test test-all test-floors test-anki test-desktop test-long bench fuzz golden docs pictures desktop-picture format clean

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
	$(BIN)/python benchmarks/run.py $(BENCH)

export OFFBOOK_ANKI_CONNECT # the folder `plugin` of AnkiConnect's source

test-desktop: $(VENV)/.installed-test $(DESKTOP)/.installed
	OFFBOOK_ANKI=$(DESKTOP)/bin/anki $(BIN)/pytest -m desktop -n0 tests/desktop

desktop-picture: $(VENV)/.installed-test $(DESKTOP)/.installed
	OFFBOOK_ANKI=$(DESKTOP)/bin/anki PYTHONPATH=tests $(BIN)/python -m desktop.pictures

test-anki: $(VENV)/.installed-test
	$(BIN)/pytest -m long -n0 -rs tests/test_every_anki.py

test-all:
	@for version in $(PYTHONS); do \
		if command -v python$$version >/dev/null && python$$version -c '' 2>/dev/null; then \
			echo "== Python $$version" && $(MAKE) test PYTHON=python$$version VENV=.venv-$$version || exit 1; \
		else echo "== Python $$version is not installed: skipped"; fi; \
	done

dist: $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check build twine
	rm -rf $(DIST)
	$(BIN)/python -m build --outdir $(DIST) .
	$(BIN)/twine check --strict $(DIST)/*
	@for version in $(PYTHONS); do \
		if command -v python$$version >/dev/null && python$$version -c '' 2>/dev/null; then \
			for file in $(DIST)/*; do \
				echo "== Python $$version: $$file" && rm -rf .venv-dist && python$$version -m venv .venv-dist \
				&& .venv-dist/bin/pip install --quiet --disable-pip-version-check $$file \
				&& .venv-dist/bin/offbook --version && .venv-dist/bin/offbook export --decks .venv-dist/decks || exit 1; \
			done; \
		else echo "== Python $$version is not installed: skipped"; fi; \
	done
	rm -rf .venv-dist

test-floors: $(FLOORS)/.installed
	$(FLOORS)/bin/python -m offbook export --decks $(FLOORS)/decks
	$(FLOORS)/bin/pytest $(FLOORS_TESTS)

fuzz: $(VENV)/.installed-test
	$(BIN)/pip install --quiet --disable-pip-version-check atheris
	$(BIN)/python tests/fuzz/fuzz.py notes 50
	$(BIN)/python tests/fuzz/fuzz.py shapes 30
	for target in front_matter settings ledgers companies; do $(BIN)/python tests/fuzz/fuzz.py $$target 10 || exit 1; done

golden: $(VENV)/.installed-test
	UPDATE_GOLDEN=1 $(BIN)/pytest -n0 tests/test_golden_cards.py tests/test_golden_html.py

docs: $(VENV)/.installed-test
	$(BIN)/python tests/pages.py

pictures: $(VENV)/.installed-test
	$(BIN)/python tests/pictures.py
	$(BIN)/python tests/kept_picture.py

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) $(FLOORS) $(DESKTOP) $(DIST) .venv-3.* .venv-dist .anki .fuzz build .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "offbook needs Python 3.11 or newer; try make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# Of aqt, Anki's windows, the tests want MathJax alone: it comes without Qt and what else it depends on.
$(VENV)/.installed-test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test]'
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps aqt
	@touch $@ $(VENV)/.installed

$(FLOORS)/.installed: pyproject.toml tests/floors.py
	$(PYTHON) -m venv --clear $(FLOORS)
	$(FLOORS)/bin/python tests/floors.py > $(FLOORS)/requirements.txt
	$(FLOORS)/bin/pip install --quiet --disable-pip-version-check --requirement $(FLOORS)/requirements.txt \
		--editable . hypothesis pytest pytest-xdist
	@touch $@

$(DESKTOP)/.installed: | $(VENV)/bin/python
	$(PYTHON) -m venv --clear $(DESKTOP)
	$(DESKTOP)/bin/pip install --quiet --disable-pip-version-check 'aqt[qt6]'
	@touch $@
