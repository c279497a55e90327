# make run    the app on its sample recording: the window, or the terminal where there is no screen
# make test   style, types and all tests
# make test-fast  style, types and the tests of the engine that take no time, for daily work
# make fuzz   damages files of every kind for SECONDS=600 and looks what comes of it
# make app    the frozen app for people without Python, into build/app
# make deb    that as a package of Debian, into dist; make app-test tries it in a bare Debian (as root)
# make appimage RUNTIME=FILE  the same as one file that runs on other Linux systems: packaging/README.md
# make docs   the guide and the API reference, into site/
# All install what is missing first: Debian packages, then Python packages into .venv.

.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python3.10,$(shell \
	$(name) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && command -v $(name))))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --prefer-binary --constraint .ci/constraints.txt
SAMPLE := assets/sample.opus

.PHONY: help run test test-fast lint fuzz app deb appimage app-test docs clean
SUITE ?= bookworm
FAST := $(addprefix tests/core/,annotation export formats meeting models similarity uisrnn voices) \
	$(wildcard tests/core/test_*.py) tests/test_floors.py
SECONDS_OF_FUZZ := $(if $(filter command line environment,$(origin SECONDS)),$(SECONDS),600)
help:
	@sed -n 's/^# \{0,1\}//p;/^$$/q' Makefile

run: $(VENV)/.installed-run
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		$(BIN)/voicelanes $(SAMPLE); \
	else \
		echo "No screen here, so in the terminal:" && \
		$(BIN)/voicelanes diarize $(SAMPLE) --out out --format rttm --picture && \
		ls -1 out/sample.*; \
	fi

# Cheap checks first. pytest gets no terminal: a test that would wait for input fails instead.
test: lint
	$(BIN)/python -m pytest -n auto </dev/null

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test-fast: lint
	$(BIN)/python -m pytest -q -n 2 -m "not (slow or train or sound or display)" $(FAST) </dev/null

fuzz: $(VENV)/.installed-test
	$(BIN)/python -m tests.fuzz.runner --seconds $(SECONDS_OF_FUZZ)

# See packaging/README.md for what they need.
app:
	@PYTHON="$(PYTHON)" packaging/frozen/build

build/app-env:
	@"$(PYTHON)" -m venv $@
	@$@/bin/python -m pip --disable-pip-version-check install --quiet --prefer-binary .

deb: app
	@mkdir -p dist
	@build/app-env/bin/python packaging/deb/build.py build/app/voicelanes build/icons dist

appimage: app
	@mkdir -p dist
	@build/app-env/bin/python packaging/appimage/build.py build/app/voicelanes build/icons dist "$(RUNTIME)"

# Not part of `make test`: it makes a Debian, and takes some minutes.
app-test: build/app-env
	@build/app-env/bin/python packaging/test/smoke.py dist/voicelanes_*_amd64.deb $(SUITE) build/roots

# Only what reads the sources: the docstrings are parsed, nothing is imported.
docs: $(VENV)/.installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

clean:
	rm -rf $(VENV) out build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis fuzz-faults

# The stamps make a second `make run` start at once; a change of the requirements installs again.
$(VENV)/.installed-run: pyproject.toml .ci/constraints.txt .ci/system-packages core/libraries.py
	@$(call prepare,run)
	@echo "Installing Voicelanes into $(VENV) (about 200 MB to fetch)..."
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-test: pyproject.toml .ci/constraints.txt .ci/system-packages .ci/cpu-torch core/libraries.py
	@$(call prepare,test)
	@echo "Installing Voicelanes with [train] and [dev] into $(VENV) (about 0.9 GB to fetch, 3.7 GB on disk)..."
	@bash .ci/cpu-torch $(INSTALL)
	@$(INSTALL) --editable '.[train,dev]'
	@touch $@ $(VENV)/.installed-run

$(VENV)/.installed-docs: pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "Voicelanes needs Python 3.10 to 3.13: apt-get install python3" >&2; exit 1; fi
	@if [ ! -x $(BIN)/python ]; then "$(PYTHON)" -m venv --clear $(VENV); fi
	@$(INSTALL) $$($(BIN)/python .ci/extra docs)
	@touch $@

define prepare
	if [ -z "$(PYTHON)" ]; then \
		echo "Voicelanes needs Python 3.10 to 3.13, and there is none: apt-get install python3" >&2; exit 1; \
	fi; \
	PYTHON="$(PYTHON)" bash .ci/system-packages $(1) && \
	if [ ! -x $(BIN)/python ]; then "$(PYTHON)" -m venv --clear $(VENV); fi && \
	$(PIP) install --quiet --upgrade pip
endef
