"""Seeds that dbt cannot read are named before it reads them."""

import pytest

from customer_segmentation.builds.encoding import problems
from helpers.projects import ROOT


def test_the_seeds_of_the_repository_are_utf_8():
    assert list((ROOT / "seeds").rglob("*.csv"))
    assert problems(ROOT / "seeds") == []


@pytest.mark.parametrize(
    ("content", "place"), [(b"name\nRen\xe9\n", "line 2: found the byte 0xe9"), (b"PK\x03\x04\xff", "line 1")]
)
def test_another_encoding_or_kind_of_file_is_named(tmp_path, content, place):
    (tmp_path / "seed.csv").write_bytes(content)
    [message] = problems(tmp_path)
    assert f"seed.csv, {place}" in message
    assert "Save the file as CSV UTF-8" in message
