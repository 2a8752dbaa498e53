"""The benchmark of the engines, with few customers: it measures every step, and notices what differs."""

import benchmark_engines
import duckdb
import pytest

LABELS = "update labels set cluster_id = cluster_id + 1 where customer_id = '7'"


@pytest.mark.slow
def test_engines_are_compared(monkeypatch, capsys):
    asked = benchmark_engines.differences

    def differences_and_a_label_more(folder, engine, logs):
        found = asked(folder, engine, logs)
        with duckdb.connect(str(folder / "duckdb.duckdb")) as database:
            database.execute(LABELS)
        return [*found, *asked(folder, engine, logs)]

    monkeypatch.setattr(benchmark_engines, "differences", differences_and_a_label_more)
    benchmark_engines.compare(3_000, ["sail"])
    said = capsys.readouterr().out
    assert all(f"| {step} | " in said for step in benchmark_engines.STEPS)
    # the row that was changed is missing on one side and too many on the other
    assert said.endswith("sail: labels: 2 rows\n")
