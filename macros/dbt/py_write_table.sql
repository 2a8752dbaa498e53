{#
    Runs a Python model as dbt-duckdb does, but shows errors of full disks and full memory without a traceback; the
    plugin customer_segmentation.warehouse.machine_limits adds what to do.
#}
{% macro py_write_table(temporary, relation, compiled_code, partitioned_by=none, sorted_by=none) %}
{{ dbt.py_write_table(temporary, relation, compiled_code, partitioned_by, sorted_by) }}

from customer_segmentation.warehouse.machine_limits import without_traceback
model, materialize = without_traceback(model), without_traceback(materialize)
{% endmacro %}
