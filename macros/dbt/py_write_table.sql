{#
    What dbt-duckdb runs for a Python model, with errors of full disks and full memory shown without a traceback; the plugin
    customer_segmentation.warehouse.machine_limits says below them what to do.
#}
{% macro py_write_table(temporary, relation, compiled_code, partitioned_by=none, sorted_by=none) %}
{{ dbt.py_write_table(temporary, relation, compiled_code, partitioned_by, sorted_by) }}

from customer_segmentation.warehouse.machine_limits import without_traceback
model, materialize = without_traceback(model), without_traceback(materialize)
{% endmacro %}
