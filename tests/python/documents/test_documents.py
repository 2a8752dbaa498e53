"""The pages that tell people what to do are done here, to the letter."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from helpers.documents import follow, follow_together, printed, steps, typed
from helpers.projects import ROOT, copy_built, with_the_mall_alone


def test_the_guide_from_your_own_customers_to_your_own_personas(empty):
    follow("docs/your_own_data.md", empty)


def test_a_stranger_follows_the_tutorials(empty, tmp_path):
    """Side by side up to the removal of the examples, which leaves the dataset of one page alone.

    Without evidence, which none of the tables on these pages shows; the build that the tests share has it.
    """
    tutorials = {"docs/start_with_customers.md": "climbers", "docs/start_with_orders.md": "teahouse"}
    last = ("## 5. Remove the examples", "## 6. Open the dashboard")
    ends = {page: [step for heading in last for step in steps(page, heading)] for page in tutorials}
    beginnings = [steps(page)[: -len(end)] for page, end in ends.items()]
    assert [beginning + end for beginning, end in zip(beginnings, ends.values(), strict=True)] == [*map(steps, ends)]
    follow_together(beginnings, empty)
    for page, dataset in tutorials.items():
        alone = copy_built(empty, tmp_path / dataset)
        others = [name for name in tutorials.values() if name != dataset]
        assert typed(alone, "segmentation", "remove", *others).returncode == 0
        follow_together([ends[page]], alone)


def test_a_test_of_next_week_is_the_one_of_the_example(built, tmp_path):
    """What the page builds is built already: its row of the seed is that of the example."""
    page = "docs/run_a_test.md"
    project = copy_built(built, tmp_path / "project")
    done, kinds = [], []
    for kind, target, content in steps(page):
        kinds.append(kind)
        if kind == "add":
            assert content in (project.folder / target).read_text(encoding="utf-8")
        elif kind == "run":
            done.append((kind, target, content.replace("dbt build\n", "")))
        else:
            done.append((kind, target, content))
    assert kinds.count("add") == 1
    assert kinds.count("expect") == kinds.count("query") == 5
    follow_together([done], project)
    treated = (project.folder / "new_year/coupon_book.csv").read_text(encoding="utf-8").splitlines()
    ((expected,),) = project.published_query("select count(*) from campaign_assignments where arm = 'treated'")
    assert len(treated) - 1 == expected


@pytest.fixture
def reader(built, tmp_path):
    """A reader's shell, at the root of the project after `make build`, in the activated environment."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "published").symlink_to(built.published)
    (tmp_path / "newcomers.csv").write_text("customer_id,age,income,score\nAnna,33,87,82\nBen,40,20,x\n")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

    def type_in(command: str) -> str:
        run = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env={"PATH": path, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    return type_in


def test_the_queries_of_the_readme_score_customers(built, tmp_path, monkeypatch, reader):
    monkeypatch.chdir(tmp_path)
    attach, use, one, many = printed("README.md", "## Use it")[0].strip().removesuffix(";").split(";")
    with duckdb.connect() as client:
        client.execute(attach)
        client.execute(use)
        segmentations = client.execute("select count(*) from segmentation_fits where dataset = 'mall'").fetchone()
        assert len(client.execute(one).fetchall()) == segmentations[0]
        scored = client.execute(many).fetch_df()
    assert set(scored["customer_id"]) == {"Anna", "Ben"}
    assert scored.set_index("customer_id")["problem"].notna().to_dict() == {"Anna": False, "Ben": True}


def test_the_commands_of_the_readme_answer(tmp_path, reader):
    commands = printed("README.md", "## Use it")[1].splitlines()
    answers = {command.split()[1]: reader(command) for command in commands}
    assert set(answers) == {"predict", "show", "export"}
    assert len((tmp_path / "scored.csv").read_text().splitlines()) == 3
    assert any((tmp_path / "audiences").glob("*.csv"))


def test_the_commands_of_the_readme_take_up_your_own_customers(rebuilt):
    with_the_mall_alone(rebuilt)
    [commands] = printed("README.md", "## Your data")
    customers = (ROOT / "seeds/raw/mall_customers.csv").read_text().splitlines(keepends=True)
    (rebuilt.folder / "path/to").mkdir(parents=True)
    (rebuilt.folder / "path/to/customers.csv").write_text("".join(customers[:151]))
    for command in commands.splitlines():
        run = typed(rebuilt, *command.split())
        assert run.returncode == 0, run.stdout + run.stderr
    assert rebuilt.published_query("select customers from datasets where dataset = 'club'") == [(150,)]
