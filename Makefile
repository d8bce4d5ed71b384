# Two commands for newcomers: `make demo`, `make test`. One for operators: `make run`.
# While working: `make check`.
PYTHON ?= python3
VENVS  := .venv
PIP    := python -m pip install --quiet --disable-pip-version-check

.PHONY: help demo test check setup run lock audit fuzz release bench picture clean
.DELETE_ON_ERROR:

help:  ## say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

# One virtual environment a purpose, so that the demo's and the tests' extras never burden `make run`.
$(VENVS)/%/.installed: requirements/%.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Lyceum needs Python 3.11 or newer; say which with: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Installing what '$*' needs into $(VENVS)/$*, once; about half a minute ..."
	@$(PYTHON) -m venv $(VENVS)/$*
	@$(VENVS)/$*/bin/$(PIP) --require-hashes -r requirements/build.txt
	@$(VENVS)/$*/bin/$(PIP) --require-hashes -r $<
	@$(VENVS)/$*/bin/$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(VENVS)/demo/.installed  ## try the real bot in a local page, without a token
	$(VENVS)/demo/bin/lyceum demo $(ARGS)

setup: $(VENVS)/run/.installed  ## answer seven questions; writes .env
	$(VENVS)/run/bin/lyceum setup

run: $(VENVS)/run/.installed  ## run on Discord with DISCORD_TOKEN from .env
	$(VENVS)/run/bin/lyceum run

# Tests run beside each other: the threads of one must not take the others' cores. Four at a time also
# on two cores, for a third of the time a test waits: for a process, a page or the disk.
test check: export OPENBLAS_NUM_THREADS := 1
test check: export NUMBA_NUM_THREADS := 1
# Empty is unset: what Python compiled is kept for the next of some hundred processes.
test check: export PYTHONDONTWRITEBYTECODE :=
test: WHICH := ""
test:  ## ruff, mypy --strict and every test
check: WHICH := quick
check:  ## ruff, mypy --strict and the tests that touch no file: a minute
test check: $(VENVS)/test/.installed
	$(VENVS)/test/bin/ruff check .
	$(VENVS)/test/bin/ruff format --check .
	$(VENVS)/test/bin/mypy
	$(VENVS)/test/bin/pytest -n 4 --dist loadfile --no-loadscope-reorder -m $(WHICH)

audit: $(VENVS)/audit/bin/pip-audit  ## ask the databases of known holes about every locked version (needs the network)
	for lock in $(basename $(notdir $(wildcard requirements/*.txt))); do $(VENVS)/audit/bin/pip-audit --strict --disable-pip --require-hashes \
	  --requirement requirements/$$lock.txt || exit 1; done

$(VENVS)/audit/bin/pip-audit:
	$(PYTHON) -m venv $(VENVS)/audit
	$(VENVS)/audit/bin/$(PIP) "pip-audit>=2.10,<3"

fuzz: export HYPOTHESIS_PROFILE := explore
fuzz: export FUZZ_EXAMPLES ?= 20000
fuzz: $(VENVS)/test/.installed  ## new bent bytes for every parser of strangers' bytes, for an hour
	$(VENVS)/test/bin/pytest --timeout 7200 tests/fuzz

release: $(VENVS)/test/.installed  ## wheel, sdist, what they are made of, hashes; tried without the repository
	rm -rf dist build && mkdir dist
	$(VENVS)/test/bin/$(PIP) --require-hashes -r requirements/build.txt
	for what in wheel sdist; do \
	  $(VENVS)/test/bin/python -c "from setuptools import build_meta as b; b.build_$$what('dist')" >/dev/null; done
	$(VENVS)/test/bin/python deploy/sbom.py > dist/lyceum-bot.cdx.json
	cd dist && sha256sum * > SHA256SUMS
	PYTHON=$(PYTHON) deploy/try-wheel dist/*.whl

lock: $(VENVS)/lock/bin/uv  ## refresh requirements/*.txt from pyproject.toml
	for extra in demo test bench; do $(VENVS)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	  --upgrade --generate-hashes --no-emit-index-url --no-emit-package lyceum-bot --custom-compile-command "make lock" \
	  --extra $$extra pyproject.toml --output-file requirements/$$extra.txt; done
	$(VENVS)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes \
	  --no-emit-index-url --custom-compile-command "make lock" pyproject.toml --output-file requirements/run.txt
	echo "setuptools>=80" | $(VENVS)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-emit-index-url --custom-compile-command "make lock" - --output-file requirements/build.txt

$(VENVS)/lock/bin/uv:
	$(PYTHON) -m venv $(VENVS)/lock
	$(VENVS)/lock/bin/python -m pip install --quiet uv

bench: $(VENVS)/bench/.installed  ## make the environment of benchmarks/, peers included

picture: $(VENVS)/test/.installed  ## draw docs/demo.png (needs Chromium)
	$(VENVS)/test/bin/python -m tests.picture

clean:  ## remove the virtual environments and caches
	rm -rf $(VENVS) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
