# Every command of the project. `make run` and `make test` need nothing but Python 3.11 and make.

PYTHON := $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
# The whole suite on two processes, each with servers and an index of its own; a part of it on one.
WHOLE := --dist loadfile $(foreach n,1 2,--tx popen//env:VAR_DIR=$(CURDIR)/var/tests-$(n))

.PHONY: setup run test e2e check fix bench

setup:
	@$(PYTHON) bin/make_venv.py

# The whole desktop with its demonstration data: make run, make run PORT=8080
run: setup
	@$(BIN)/python manage.py run --host $(HOST) --port $(PORT)

# One test or more: make test ARGS="tests/accounts -k login"
test: setup
	$(BIN)/pytest $(or $(ARGS),$(WHOLE))

e2e: setup
	$(BIN)/pytest tests/e2e $(ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy allo3939 knowledge orientation calls
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	HTTPS=true $(BIN)/python manage.py check --deploy --fail-level WARNING

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python "$$file" || exit 1; done
