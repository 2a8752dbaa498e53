"""Heavy models on Spark: DuckDB drives the build, and Spark computes what has a row for every customer or purchase."""
