"""The quality suites of Great Expectations, and the same in SQL for large tables."""
