# The commands of this project; `make help` lists them.
# Needed on the machine: Python 3.11 with venv, git and GNU make. All else is made in .venv.

PYTHON ?= $(firstword $(foreach name,python3.11 python3,$(shell command -v $(name))) python3)
PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input install --require-hashes
MANAGE := $(BIN)/python manage.py
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help run keys test bench drill docs format lock clean

help: ## List the commands.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 14

# A stamp is older than its lock when the lock has changed since; then pip runs again.
$(VENV)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
	  "Python 3.11 or later is needed, and $(PYTHON) is %d.%d. Name another: make PYTHON=/path/to/python3.11" \
	  % sys.version_info[:2])'
	@echo "Making $(VENV) and installing requirements.txt: a minute or two, this once."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing requirements-dev.txt: a minute or two, this once."
	@$(PIP) -r requirements-dev.txt
	@touch $@

# The keys are written once and never over.
.env: | $(VENV)/.installed
	@$(BIN)/python -m cdop.keys

# What the pages load, compressed and named by content.
build/static/staticfiles.json: $(VENV)/.installed $(shell find static -type f) | .env
	@$(MANAGE) collectstatic --noinput --clear --verbosity 0

run: export LOG_LEVEL ?= WARNING
run: export SITE_ADDRESS ?= http://127.0.0.1:$(PORT)
run: $(VENV)/.installed .env build/static/staticfiles.json ## Start the system with its demonstration year, on 127.0.0.1:8000 (PORT=8080 for another port).
	@mkdir -p var
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createcachetable --verbosity 0
	@$(MANAGE) demo
	@echo
	@echo "Open http://127.0.0.1:$(PORT)/ in a browser. Stop with Ctrl+C."
	@exec $(BIN)/gunicorn cdop.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 \
	  --no-control-socket --log-level warning

keys: .env ## Write the keys of this installation to .env, once.

test: $(VENV)/.installed-dev ## Run every check and every test, on both databases and in a browser.
	@$(BIN)/python -m tests

bench: $(VENV)/.installed-dev ## Measure speed against floors measured in the same run.
	@$(BIN)/python -m tests.bench

drill: $(VENV)/.installed-dev ## Try what the system must stand, at full size, on both databases.
	@$(BIN)/python -m tests.drills

docs: $(VENV)/.installed .env ## Write docs/data.md and docs/api/openapi.json from the code.
	@$(MANAGE) describe_data
	@$(MANAGE) describe_api

format: $(VENV)/.installed-dev ## Put the code into its usual form.
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

lock: $(VENV)/.installed-dev ## Write the hashed locks from requirements.in and requirements-dev.in.
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-dev.in -o requirements-dev.txt

clean: ## Remove what was built and installed; keys and data stay.
	rm -rf $(VENV) build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
