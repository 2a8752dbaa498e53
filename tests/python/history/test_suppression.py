"""The list of forgotten customers holds hashes alone, and no build goes on without it."""

import json
from hashlib import sha256

import duckdb
import pytest

from customer_segmentation.errors import InputError
from customer_segmentation.history.suppression import LIST, answer, hash_of, read_list, suppress


def test_the_list_holds_no_id_and_grows(tmp_path):
    assert suppress(tmp_path, ["ann-17", "bob-18"]) == 2
    salt = read_list(tmp_path).salt
    assert suppress(tmp_path, ["ann-17", "cyd-19"]) == 1
    found = read_list(tmp_path)
    assert found.salt == salt
    assert found.of_dataset("shop") == sorted(hash_of(salt, one) for one in ("ann-17", "bob-18", "cyd-19"))
    assert b"ann" not in (tmp_path / LIST).read_bytes()


def test_equal_ids_have_other_hashes_in_another_project(tmp_path):
    for name in ("one", "two"):
        suppress(tmp_path / name, ["17"])
    assert read_list(tmp_path / "one").of_dataset("") != read_list(tmp_path / "two").of_dataset("")


def test_an_id_of_one_dataset_stays_in_the_others(tmp_path):
    suppress(tmp_path, ["17"], "shop")
    assert len(read_list(tmp_path).of_dataset("shop")) == 1
    assert read_list(tmp_path).of_dataset("club") == []


@pytest.mark.parametrize("written", ["17", " 17.0 ", "17.0"])
def test_an_id_is_the_same_however_it_is_written(written):
    assert hash_of("salt", written) == sha256(b"salt17").hexdigest()
    assert duckdb.sql("select sha256('salt' || '17')").fetchall() == [(hash_of("salt", written),)]


def test_a_build_without_a_history_reads_the_list_of_the_folder_that_the_project_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    suppress(tmp_path / "history", ["ann-17"])
    by_default = json.loads(answer("shop", "", "history"))["hashes"]
    assert len(by_default) == 1
    suppress(tmp_path / "archive", ["bob-18"])
    (tmp_path / "dbt_project.yml").write_text("vars: {history_folder: archive}")
    assert json.loads(answer("shop", "", "history"))["hashes"] == read_list(tmp_path / "archive").of_dataset("shop")
    assert json.loads(answer("shop", "elsewhere", "history")) == {"hashes": []}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "suppressed.json is damaged: it does not list hashes of customers, and without it"),
        ('{"format": 1, "hashes": []}', "suppressed.json is damaged"),
        (
            '{"format": 2}',
            "suppressed.json has format 2, this version of the project reads 1: a newer version wrote it",
        ),
    ],
)
def test_a_list_that_cannot_be_read_stops_the_build_and_the_command(tmp_path, content, message):
    (tmp_path / LIST).write_text(content)
    assert message in json.loads(answer("shop", str(tmp_path), ""))["problem"]
    with pytest.raises(InputError, match=message):
        suppress(tmp_path, ["ann-17"])
    assert (tmp_path / LIST).read_text() == content
