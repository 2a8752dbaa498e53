import subprocess
import sys


def show(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "segmentation_tools.show", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_summary_names_personas_sizes_and_what_does_not_hold(built):
    run = show(built.published / "marts.duckdb")
    assert run.returncode == 0
    assert (
        "mall_seven_personas: 200 customers in 7 segments, silhouette 0.41, inertia 3.7% above the best known"
        in run.stdout
    )
    assert "Steady Middle                81   40%  Middle income (55 k$), middle spending (50 points)" in run.stdout
    assert "6 segments separate customers best (silhouette 0.43)" in run.stdout
    assert "In use are 7, because the seed says so." in run.stdout
    assert "contradicted: spending score: said to be high (at least 55 points), found 48" in run.stdout
    assert "sales_personas: 985 synthetic customers in 5 segments" in run.stdout
    assert "mall_customers: this project, 200 rows, 0 rejected" in run.stdout
    assert "sales_customers: seeds/raw/sales_customers.xlsx (synthetic), 1,018 rows, 33 rejected" in run.stdout


def test_nothing_published_is_said_plainly(tmp_path):
    run = show(tmp_path / "marts.duckdb")
    assert run.returncode == 1
    assert "does not exist. Run `make build` first" in run.stdout
    assert "Traceback" not in run.stderr
