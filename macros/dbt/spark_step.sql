{#
    A step of the materializations `spark_table` and `test`, in the form of a Python model: it has the connection of the
    warehouse.
    Example: {% call statement('main', language='python') %}{{ spark_step('build_table', table) }}{% endcall %}
#}
{% macro spark_step(function, table) -%}
import json

from customer_segmentation.spark.lake import {{ function }}
from customer_segmentation.warehouse.machine_limits import without_traceback


class dbtObj:
    def __init__(self, load):
        pass


def model(dbt, connection):
    {{ function }}(connection, json.loads({{ tojson(tojson(table)) }}))


def materialize(frame, connection):
    pass


model, materialize = without_traceback(model), without_traceback(materialize)
{%- endmacro %}
