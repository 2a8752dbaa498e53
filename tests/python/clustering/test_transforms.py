"""Python and SQL transform a feature alike."""

import duckdb
import jinja2
import numpy as np
import pytest

from customer_segmentation.clustering.transforms import transformed, untransformed
from helpers.macro_files import macro_source

VALUES = [-1e6, -2.5, 0.0, 1e-9, 0.5, 3.0, 12_345.0, 1e9]


def in_sql(call: str, values: list[float]) -> list[float]:
    """Return what a call of a macro makes of each value."""
    source = macro_source("transformed", "untransformed_by") + "{{ " + call + " }}"
    expression = jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(source).render()
    return [
        row[0] for row in duckdb.execute(f"select {expression} from (select unnest(?) as value)", [values]).fetchall()
    ]


@pytest.mark.parametrize("transform", ["none", "log"])
def test_sql_and_python_transform_alike_and_back_again(transform):
    there = in_sql(f"transformed('value', '{transform}')", VALUES)
    assert transformed(np.array(VALUES), transform) == pytest.approx(there, rel=1e-12, abs=1e-15)
    back = in_sql(f"untransformed_by('value', '\\'{transform}\\'')", there)
    assert untransformed(np.array(there), transform) == pytest.approx(back, rel=1e-12)
    assert back == pytest.approx(VALUES, rel=1e-9, abs=1e-6)
