# make run    the app on its sample recording: the window, or the terminal where there is no screen
# make test   style, types and all tests
# make fuzz   damages files of every kind for SECONDS=600 and looks what comes of it
# Both install what is missing first: Debian packages, then Python packages into .venv.

.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python3.10,$(shell \
	$(name) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && command -v $(name))))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --prefer-binary --constraint .ci/constraints.txt
SAMPLE := assets/sample.opus

.PHONY: help run test lint fuzz clean
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
	$(BIN)/python -m pytest </dev/null

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fuzz: $(VENV)/.installed-test
	$(BIN)/python -m tests.fuzz.runner --seconds $(SECONDS_OF_FUZZ)

clean:
	rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis fuzz-faults

# The stamps make a second `make run` start at once; a change of the requirements installs again.
$(VENV)/.installed-run: pyproject.toml .ci/constraints.txt .ci/system-packages core/libraries.py
	@$(call prepare,run)
	@echo "Installing Voicelanes into $(VENV) (about 215 MB to fetch)..."
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-test: pyproject.toml .ci/constraints.txt .ci/system-packages .ci/cpu-torch core/libraries.py
	@$(call prepare,test)
	@echo "Installing Voicelanes with [train] and [dev] into $(VENV) (about 0.9 GB to fetch, 3.7 GB on disk)..."
	@bash .ci/cpu-torch $(INSTALL)
	@$(INSTALL) --editable '.[train,dev]'
	@touch $@ $(VENV)/.installed-run

define prepare
	if [ -z "$(PYTHON)" ]; then \
		echo "Voicelanes needs Python 3.10 to 3.13, and there is none: apt-get install python3" >&2; exit 1; \
	fi; \
	PYTHON="$(PYTHON)" bash .ci/system-packages $(1) && \
	if [ ! -x $(BIN)/python ]; then "$(PYTHON)" -m venv --clear $(VENV); fi && \
	$(PIP) install --quiet --upgrade pip
endef
