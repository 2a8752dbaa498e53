{#
    What a column of a table holds: `text`, `whole` or `fraction` for numbers, `date` (also with time), `nested` for
    values that are not single (lists, structures, binary data), or `other`.
#}
{% macro column_kind(column) %}
    {% set type = column.dtype | lower %}
    {{ return(
        'nested' if type.endswith(']') or type.startswith(('struct', 'map', 'union', 'list', 'blob', 'variant')) else
        'text' if type.startswith(('varchar', 'text', 'string', 'char')) else
        'fraction' if type.startswith(('double', 'float', 'real', 'decimal', 'numeric')) else
        'whole' if 'int' in type and not type.startswith('interval') else
        'date' if type.startswith(('date', 'timestamp')) else 'other'
    ) }}
{% endmacro %}
