# `make` alone lists what there is. Every target sets up .venv by itself, from the lock.

SHELL := /bin/sh
BIN := .venv/bin
MAKEFLAGS += --no-print-directory
# Tests start hundreds of processes: what one has compiled, the others load.
export PYTHONDONTWRITEBYTECODE :=
# An environment that was copied or moved has to be made again.
MOVED := $(shell [ ! -e .venv/.place ] || [ "$$(cat .venv/.place)" = "$$(pwd)" ] || echo moved)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test check soak crowd bench screenshots coverage lock clean versions moved \
	check-format check-lint check-types check-layers check-unused check-dependencies check-policy check-wheel

help: ## this list
	@echo "Tierwise: content moderation in tiers."
	@echo
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

demo: .venv/.dev ## brings the whole system up on made-up items, with simulated reviewers: policy, classifier, API, workers; SERVE=1 keeps it up
	@mkdir -p out
	@$(BIN)/tierwise schema rules --out rules/schema.json
	$(BIN)/tierwise lint rules
	$(BIN)/tierwise test rules
	$(BIN)/tierwise sample out/sample.jsonl --split 0.7
	$(BIN)/tierwise train out/sample.train.jsonl --label truth.toxic --score score.hate --out out/model
	$(BIN)/tierwise demo out/sample.rest.jsonl --rules rules --model out/model $(if $(SERVE),--stay)

test: .venv/.dev ## runs all tests, or those of ARGS
	@$(BIN)/python -m pytest $(or $(ARGS),--numprocesses 2 --dist loadfile --no-loadscope-reorder)

check: check-format check-lint check-types check-layers check-unused check-dependencies check-policy check-wheel ## style, types, layers, unused code, dependencies, shipped policy, wheel
	@echo "All checks passed."

soak: .venv/.dev ## kills parts of a whole site under load, at length: ARGS="--items 200000 --kills 20"
	@$(BIN)/python -m tests.faults $(ARGS)

crowd: .venv/.dev ## has many people decide at once, some minutes: ARGS="--people 50 --seconds 300"
	@$(BIN)/python -m tests.faults.crowd $(ARGS)

bench: .venv/.bench ## measures the engine beside others
	@$(BIN)/python -m tests.benchmarks $(ARGS)

screenshots: .venv/.dev ## takes pictures of every page of the console, light and dark, into out/screenshots
	@$(BIN)/python -m tests.screenshots $(ARGS)

coverage: .venv/.dev ## runs all tests and lists the lines they leave out
	@$(BIN)/python -m pytest --cov --cov-report=term-missing $(ARGS)

lock: .venv/.dev ## writes the lock files again, with the newest versions that pyproject.toml allows
	@$(call compile,dev,pyproject.toml --group dev --override locks/overrides.txt)
	@$(call compile,runtime,pyproject.toml --constraint locks/dev.txt)
	@$(call compile,bench,--group bench --constraint locks/dev.txt)

clean: ## removes everything made here but .venv
	rm -rf out build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find engine queues dashboard tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the parts of `make check` ----------------------------------------------------------------

check-format: .venv/.dev
	$(BIN)/ruff format --check .

check-lint: .venv/.dev
	$(BIN)/ruff check .

check-types: .venv/.dev
	$(BIN)/mypy

check-layers: .venv/.dev
	$(BIN)/lint-imports

check-unused: .venv/.dev
	$(BIN)/vulture

check-dependencies: .venv/.dev
	$(BIN)/deptry .

check-policy: .venv/.dev
	$(BIN)/tierwise lint rules
	$(BIN)/tierwise test rules

check-wheel: .venv/.dev
	sh .ci/wheel

# --- the environment --------------------------------------------------------------------------

.venv/.dev: locks/dev.txt pyproject.toml .ci/install $(MOVED)
	@sh .ci/install dev
	@touch $@

.venv/.bench: locks/bench.txt .venv/.dev
	@sh .ci/install bench
	@touch $@

versions: .venv/.dev
	@$(BIN)/python --version
	@$(BIN)/python -m pytest --version

moved:

# Names and hashes alone: no address of an index, no path of this machine.
compile = $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 \
	--generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	--upgrade $(2) --output-file locks/$(1).txt
