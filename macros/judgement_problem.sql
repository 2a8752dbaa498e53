{#
    The columns of a problem with a judgement seed, for a query over its faulty rows. Arguments are SQL expressions.
    Example:
        select {{ judgement_problem('segmentations', 'segmentation', 'k', 'k', "'a whole number from 2'", "'Raise k.'") }}
        from segmentations where k < 2
#}
{% macro judgement_problem(seed, row, column, found, expected, way_out) -%}
    'seeds/judgement/{{ seed }}.csv' as file,
    {{ row }} as row_key,
    '{{ column }}' as column_name,
    coalesce(cast({{ found }} as {{ dbt.type_string() }}), 'nothing') as found,
    {{ expected }} as expected,
    {{ way_out }} as way_out
{%- endmacro %}
