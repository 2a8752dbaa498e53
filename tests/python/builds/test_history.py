"""Three days of one dataset: segments keep their numbers, and the tables say who moved."""

import csv
import shutil
from dataclasses import replace

import duckdb
import pytest

from customer_segmentation.history.store import recorded_files, write_manifest
from customer_segmentation.publication.folder import describe_file
from helpers.projects import copy_built, with_the_mall_alone

JANUARY, FEBRUARY, MARCH, APRIL = "2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"
DEFAULT = "segmentation = 'mall_income_spending'"
RECORDED = ["tables_to_record", "build_days"]  # what the node that records reads, beside what is published


def build(project, day, *arguments):
    run = project.dbt("build", "--vars", f"{{as_of_date: '{day}'}}", *arguments)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


def change_customers(project) -> None:
    """Drop a tenth of the customers, add as many, and let one spend far more than before."""
    seed = project.folder / "seeds/raw/mall_customers.csv"
    with seed.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    [thrifty] = [row for row in rows if row[0] == "149"]  # income 78, score 22
    thrifty[-1] = "90"
    kept = [row for number, row in enumerate(rows) if number % 10]
    new = [[f"9{int(row[0]):03}", *row[1:]] for number, row in enumerate(rows) if number % 10 == 1]
    with seed.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *new, *kept[::-1]])


def change_ages(project) -> None:
    """Make the customers very young or very old, which only the segmentations with ages notice."""
    seed = project.folder / "seeds/raw/mall_customers.csv"
    with seed.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    with seed.open("w", encoding="utf-8", newline="") as file:
        aged = [[*row[:2], "19" if number % 2 else "70", *row[3:]] for number, row in enumerate(rows)]
        csv.writer(file, lineterminator="\n").writerows([header, *aged])


def throw_away_the_warehouse(project) -> None:
    for file in project.folder.glob("warehouse.duckdb*"):
        shutil.rmtree(file) if file.is_dir() else file.unlink()


@pytest.fixture(scope="module")
def january(parsed, tmp_path_factory):
    """The first day, of which the history is all that the next month finds, so nothing else is built."""
    project = with_the_mall_alone(copy_built(parsed, tmp_path_factory.mktemp("history") / "project"))
    with duckdb.connect(str(project.database)) as warehouse:
        # stands for the publication: nothing is recorded that could not be published
        warehouse.execute("create schema publishing; create table publishing.published_tables (table_name varchar)")
    selected = [*(f"+{name}" for name in RECORDED), "+segments", "recorded_days"]
    build(project, JANUARY, "--exclude-resource-type", "test", "--select", *selected)
    return project


@pytest.fixture(scope="module")
def february(january):
    """A month later, in a new warehouse; the segments of January are remembered."""
    before = january.query(f"select segment_id, persona, colour from marts.segments where {DEFAULT} order by all")
    throw_away_the_warehouse(january)
    change_customers(january)
    build(january, FEBRUARY)
    return january, before


def history(project) -> dict[str, bytes]:
    folder = project.folder / "history"
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_segments_keep_their_numbers_personas_and_colours(february):
    project, before = february
    assert (
        project.query(f"select segment_id, persona, colour from marts.segments where {DEFAULT} order by all") == before
    )
    assert project.query(f"select distinct identity from segmentation.segment_identities where {DEFAULT}") == [
        ("kept",)
    ]
    assert project.query(
        f"select count(*), count(distinct model_version) from marts.model_versions where {DEFAULT}"
    ) == [(2, 2)]


def test_who_moved_came_and_went(february):
    project, _ = february
    [(left, entered, refitted)] = project.query(
        f"select from_persona, to_persona, is_refitted from marts.segment_changes where {DEFAULT} and customer_id = '149'"
    )
    assert (left, entered, refitted) == ("Reserved Affluent", "Affluent Enthusiasts", True)
    assert project.query(
        f"""
        select persona, previous_persona, cast(changed_on as varchar), days_in_segment
        from marts.customer_segments where {DEFAULT} and customer_id in ('148', '149') order by customer_id
        """
    ) == [("Affluent Enthusiasts", None, None, 29), (entered, left, FEBRUARY, 0)]
    assert project.query(
        f"""
        select movement, sum(customers) from marts.segment_migrations where {DEFAULT} group by 1
        having movement in ('came', 'went') order by 1
        """
    ) == [("came", 20), ("went", 20)]
    # those who are in a segment after the period came, moved there or stayed
    assert not project.query(
        """
        select segmentation, to_segment_id from marts.segment_migrations where to_segment_id > 0 group by all
        except select segmentation, segment_id from marts.segments
        """
    )
    assert not project.query(
        """
        select segmentation, to_segment_id, sum(customers) from marts.segment_migrations
        where to_segment_id > 0 group by all
        except select segmentation, segment_id, customers from marts.segments
        """
    )


def test_every_segment_has_its_place_in_the_lineage_and_every_measure_its_check(february):
    project, before = february
    assert project.query(
        f"select from_segment_id, to_segment_id, transition from marts.segment_lineage where {DEFAULT} order by all"
    ) == [(segment, segment, "survived") for segment, _, _ in before]
    assert project.query(f"select measure, bins, drift from marts.drift_checks where {DEFAULT} order by all") == [
        ("annual_income_k", 10, "none"),
        ("distance", 10, "none"),
        ("segment", 5, "none"),
        ("spending_score", 10, "none"),
    ]


def test_a_build_that_another_one_has_overtaken_records_nothing(february):
    project, _ = february
    folder = project.folder / "history"
    files = recorded_files(folder)
    write_manifest(folder, [*files, replace(files[-1], day="2024-03-15")])
    overtaken = history(project)
    run = project.dbt("run", "--select", "recorded_days", "--vars", f"{{as_of_date: '{FEBRUARY}'}}")
    output = " ".join((run.stdout + run.stderr).split())
    assert run.returncode != 0
    assert "Traceback" not in output
    assert f"has mall of 2024-03-15 already, which is after {FEBRUARY}. Build again." in output
    assert history(project) == overtaken
    write_manifest(folder, files)


def test_an_earlier_day_stops_the_build_and_the_history_stays(february):
    project, _ = february
    before = history(project)
    given = ["--select", "recorded_files", "build_days", "--vars"]
    run = project.dbt("run", *given, f"{{as_of_date: '{JANUARY}'}}")
    output = " ".join((run.stdout + run.stderr).split())
    assert run.returncode != 0
    assert "Traceback" not in output
    assert (
        f"This build describes the dataset mall as of {JANUARY}, but the history in the folder history has it as of "
        f"{FEBRUARY} already, and days are recorded in order. Its data have no dates, so the day is the var as_of_date, or "
        "today: correct the var or the clock. To build an earlier day without recording it: dbt build --vars "
        "'{history_folder: none}'."
    ) in output
    assert project.dbt("run", *given, f"{{as_of_date: '{JANUARY}', history_folder: none}}").returncode == 0
    assert history(project) == before


def as_an_older_version_wrote_it(project) -> None:
    """Take a column out of the recorded events, and add a segmentation that is no longer built."""
    folder = project.folder / "history"
    files = []
    with duckdb.connect() as session:
        for one in recorded_files(folder):
            path = folder / one.file
            if one.table_name in ("segment_events", "segment_states"):
                columns = "* exclude (is_refitted)" if one.table_name == "segment_events" else "*"
                gone = f"select * replace ('mall_gone' as segmentation) from '{path}' where {DEFAULT}"
                session.sql(f"select {columns} from (from '{path}' union all {gone})").write_parquet(f"{path}.new")
                path.with_name(f"{path.name}.new").rename(path)
            files.append(replace(one, **describe_file(path)))
    write_manifest(folder, files)


def proposals(project, output) -> None:
    """A fit that moves many customers waits until it is accepted; one that the seeds ask for does not."""
    decisions = "select segmentation, decision, accept_command from marts.refit_comparisons order by 1"
    [asked, seven, six] = project.query(decisions)
    assert asked == ("mall_income_spending", "accepted", None)
    assert (seven[1], six[1]) == ("waiting", "waiting")
    assert six[2] in " ".join(output.split()), "the build says how to accept it"
    assert "WARN 2 refit_comparisons_no_new_fit_waits" in output
    assert project.query("select reason from marts.refit_comparisons where segmentation = 'mall_income_spending'") == [
        ("the seeds ask for another model: k is 6, was 5",)
    ]
    assert project.query("select count(*) from marts.model_versions where segmentation = 'mall_six_personas'") == [
        (2,)
    ], "only models that were used"
    listed = project.segmentation("models").stdout
    assert listed.count("waits to be accepted") == 2
    assert (
        f"A new fit waits, because it would move 81 of 200 customers (40.5 %), beyond the limit of 10 %. To accept it: {six[2]}"
        in (project.segmentation("show", "mall_six_personas").stdout)
    )
    version = six[2].split()[-1]
    chosen = project.segmentation(*six[2].split()[1:])
    assert chosen.returncode == 0, chosen.stderr
    assert f"The next build of mall_six_personas uses the model {version}" in chosen.stdout
    compared = project.segmentation("models", "compare", used_model(project), version).stdout
    assert "would be in another segment" in compared
    given = f"{{as_of_date: '{MARCH}'}}"
    run = project.dbt("run", "--select", "recorded_files+,+fitted_clusters", "--vars", given)
    assert run.returncode == 0, run.stdout
    assert used_model(project) == version
    # a proposal that is not in the way of the others
    assert project.query("select decision from segmentation.refit_decisions order by segmentation") == [
        ("accepted",), ("waiting",), ("activated",),
    ]  # fmt: skip


def used_model(project) -> str:
    [(version,)] = project.query(
        "select distinct model_version from segmentation.fitted_clusters where segmentation = 'mall_six_personas'"
    )
    return version


def test_one_segment_more_adds_a_number_and_a_build_repeated_adds_nothing(february):
    project, before = february
    as_an_older_version_wrote_it(project)
    project.edit("seeds/judgement/segmentations.csv", "mall_income_spending,mall,5,", "mall_income_spending,mall,6,")
    change_ages(project)
    # with the tests of nothing else; February has built everything
    changed = ["+path:models/marts/movement", "+segment_sizes", *(f"+{name}" for name in RECORDED)]
    selected = [*changed, "published_tables", "recorded_days"]
    output = build(project, MARCH, "--indirect-selection", "cautious", "--select", *selected)
    assert "mall_income_spending: From 29 February 2024 to 31 March 2024, " in output
    assert project.query("select segmentation from marts.segment_sizes where segmentation = 'mall_gone'") == []
    assert project.query(
        f"select cast(changed_on as varchar), is_refitted from marts.segment_changes where {DEFAULT} and customer_id = '149'"
    ) == [(FEBRUARY, None)]
    found = project.query(f"select segment_id, persona, colour from marts.segments where {DEFAULT} order by all")
    assert found[:5] == before
    assert [segment for segment, _, _ in found[5:]] == [6]
    recorded = history(project)
    again = [f"recorded_files+,+{name}" for name in RECORDED]
    build(project, MARCH, "--select", *again, "recorded_days", "--exclude-resource-type", "test")
    assert history(project) == recorded
    proposals(project, output)
    # the model of March is kept in April, although its warehouse is gone
    versions = "select distinct segmentation, model_version from segmentation.fitted_clusters order by all"
    of_march = project.query(versions)
    throw_away_the_warehouse(project)
    given = f"{{as_of_date: '{APRIL}', refit: never}}"
    run = project.dbt("build", "--select", "+fitted_clusters", "--exclude-resource-type", "test", "--vars", given)
    assert run.returncode == 0, run.stdout
    assert project.query("select distinct decision, reason from segmentation.refit_decisions order by 1") == [
        ("activated", "it was activated with `segmentation models activate`"),
        ("kept", "refit is never"),
    ]
    assert project.query(versions) == of_march
