"""Measure the path for many customers beside what a user would do instead: seconds, memory, and the inertia reached.

`make benchmark-scale` takes 10 thousand to 10 million customers, `make benchmark-scale SIZES=100000000` a hundred
million. Contenders that are not installed, do not fit or take too long are named with the reason. The results are
written to target/benchmark_scale after every contender; `python benchmarks/scale_page.py` puts them into
docs/performance.md.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import ours
from bounded import Bounds, Outcome, run_bounded
from machine import machine
from scale_contender import LABELS
from scale_data import KINDS, MAIN_KIND, generate, inertia
from scale_picture import picture
from scale_tables import tables

FOLDER = Path(__file__).resolve().parents[1] / "target/benchmark_scale"
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
KS = range(2, 11)
STARTS = 10
CHOSEN = 6
QUALITY_CUSTOMERS = 1_000_000
QUALITY_CONTENDERS = (
    "this project", "scikit_learn", "intelex", "clever_user", "mini_batch", "faiss_sample", "faiss_all",
)  # fmt: skip
CAPPED_CUSTOMERS = (10_000_000,)
CAPPED_CONTENDERS = ("this project", "intelex", "clever_user", "faiss_sample", "faiss_all")
CAPPED_GIGABYTES = 1
WIDTH = max(map(len, LABELS.values()))
CONTENDER = [sys.executable, str(Path(__file__).with_name("scale_contender.py"))]


def contest(
    customers: int, kind: str, ks: Sequence[int], contenders: Sequence[str], bounds: Bounds, scratch: Path
) -> Iterator[dict]:
    """Let contenders do the same task one after the other, each on the same table in a process of its own.

    Parameters
    ----------
    customers : int
        Number of customers.
    kind : str
        Key of `KINDS`.
    ks : sequence of int
        Numbers of clusters to fit; `CHOSEN` is one of them.
    contenders : sequence of str
        Keys of `LABELS`.
    bounds : Bounds
        What each may take.
    scratch : Path
        Folder for the database, which is as large as the table.

    Yields
    ------
    dict
        The result of each contender.
    """
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        database = Path(folder) / "customers.duckdb"
        generate(database, customers, kind)
        ours.prepare(database, CHOSEN)
        task = {
            "database": str(database), "ks": list(ks), "starts": STARTS, "chosen": CHOSEN, "seconds": bounds.seconds,
        }  # fmt: skip
        for contender in contenders:
            outcome = run_bounded([*CONTENDER, contender, json.dumps(task)], bounds)
            result = {"customers": customers, "kind": kind, "contender": contender, **_result(outcome, database)}
            print(_line(result), flush=True)
            yield result


def _result(outcome: Outcome, database: Path) -> dict:
    """Judge what a contender found; its centres are not kept."""
    centers = outcome.found.pop("centers", None)
    return {
        "steps": outcome.steps,
        "failure": outcome.failure,
        "inertia": None if centers is None else inertia(database, centers),
        **outcome.found,
    }


def _line(result: dict) -> str:
    steps = ", ".join(f"{step['step']} {step['seconds']:.2f} s" for step in result["steps"])
    return f"{result['customers']:>13,}  {LABELS[result['contender']]:<{WIDTH}} {steps} {result['failure'] or ''}"


def keep(result: dict, part: str, here: dict, folder: Path) -> None:
    """Add a result to those of earlier runs on the same machine, and write all tables again.

    Parameters
    ----------
    result : dict
        What `contest` yielded.
    part : str
        'speed', 'quality' or 'capped'.
    here : dict
        What `machine` says.
    folder : Path
        Where to write.
    """
    file = folder / "results.json"
    kept = json.loads(file.read_text()) if file.is_file() else {}
    if kept.get("machine") != here:  # what was measured elsewhere, or with other versions, cannot stand beside it
        kept = {"machine": here, "speed": [], "quality": []}
    kept[part] = [earlier for earlier in kept.get(part, []) if _key(earlier) != _key(result)] + [result]
    file.write_text(json.dumps(kept, indent=1))
    for name, table in tables(kept).items():
        (folder / f"{name}.md").write_text(table + "\n")


def draw(folder: Path) -> None:
    """Draw the picture of the results in a folder."""
    results = json.loads((folder / "results.json").read_text())["speed"]
    for kind in ("svg", "png"):
        (folder / f"scale.{kind}").write_bytes(picture(results, kind))


def _key(result):
    return result["customers"], result["kind"], result["contender"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure speed at every size, then quality on every kind of data, then what little memory makes of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of customers")
    parser.add_argument("--contenders", nargs="+", choices=LABELS, default=list(LABELS), metavar="NAME")
    parser.add_argument(
        "--quality-customers", type=int, default=QUALITY_CUSTOMERS, help="0 leaves the second table out"
    )
    parser.add_argument(
        "--capped-customers",
        nargs="+",
        type=int,
        default=CAPPED_CUSTOMERS,
        metavar="CUSTOMERS",
        help=f"with {CAPPED_GIGABYTES} GB of memory; 0 leaves that table out",
    )
    parser.add_argument("--seconds", type=float, default=1200, help="bound of one contender at one size")
    parser.add_argument("--gigabytes", type=float, default=16, help="bound of one contender's memory")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where results go; needs room for the tables")
    asked = parser.parse_args(arguments)
    bounds = Bounds(asked.seconds, asked.gigabytes)
    asked.folder.mkdir(parents=True, exist_ok=True)
    here = machine()
    for customers in asked.sizes:
        for result in contest(customers, MAIN_KIND, KS, asked.contenders, bounds, asked.folder):
            keep(result, "speed", here, asked.folder)
        draw(asked.folder)
    if asked.quality_customers:
        contenders = [contender for contender in QUALITY_CONTENDERS if contender in asked.contenders]
        for kind in KINDS:
            for result in contest(asked.quality_customers, kind, [CHOSEN], contenders, bounds, asked.folder):
                keep(result, "quality", here, asked.folder)
    contenders = [contender for contender in CAPPED_CONTENDERS if contender in asked.contenders]
    capped = Bounds(asked.seconds, CAPPED_GIGABYTES)
    for customers in filter(None, asked.capped_customers):
        for result in contest(customers, MAIN_KIND, KS, contenders, capped, asked.folder):
            keep(result, "capped", here, asked.folder)
    print(f"\nThe tables and the picture are in {asked.folder}.")


if __name__ == "__main__":
    main()
