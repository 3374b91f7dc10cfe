# Works on a fresh machine that has only Python 3.11-3.13, make and git.
PYTHON ?= python3
BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
REPORT ?=
PACKAGES := briefpress fenghua fenghua_demo tidysheets
export PYTHONUTF8 = 1

.PHONY: reports test wheels golden truth attack bench lab take examples docs lint clean

reports: .venv/core.stamp
	$(BIN)/fenghua report $(REPORT)

test: .venv/test.stamp
	$(BIN)/python -m pytest -n 2

wheels: .venv/test.stamp
	$(BIN)/python tests/wheels.py

attack: .venv/test.stamp
	$(BIN)/python -m pytest -n 2 -s tests/attack/whole.py

golden: .venv/test.stamp
	$(BIN)/python tests/golden.py $(ARGS)

truth: .venv/test.stamp
	$(BIN)/python tests/truth.py $(ARGS)

bench: .venv/test.stamp
	for part in benchmarks/*.py; do $(BIN)/python $$part || exit 1; done

lab: .venv/lab.stamp
	$(BIN)/python -m fenghua.lab
	$(BIN)/jupyter lab lab

# The source of a working copy, without its outputs, becomes that of the notebook that git tracks.
take: .venv/lab.stamp
	$(BIN)/python -m fenghua.lab $(or $(NOTEBOOK),NAME)

examples: .venv/test.stamp
	$(BIN)/python docs/examples.py
	$(BIN)/python docs/pictures.py

docs: .venv/test.stamp
	$(BIN)/python docs/build_methods.py
	$(BIN)/python docs/build_columns.py
	$(BIN)/python docs/draw_rooms.py

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

clean:
	rm -rf .venv

.venv/core.stamp: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet -e .
	$(BIN)/python -m compileall -q $(PACKAGES)  # a container is often told to keep no bytecode
	touch $@

.venv/lab.stamp: .venv/core.stamp
	$(BIN)/python -m pip install --quiet -e ".[lab]"
	touch $@

.venv/test.stamp: .venv/core.stamp
	$(BIN)/python -m pip install --quiet -e ".[test]"
	touch $@
