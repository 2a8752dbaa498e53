{#
    The values of an input row as they came, without surrounding spaces, separated by commas; a line that is not a
    record is unchanged.
#}
{% macro raw_row(relation) -%}
    {%- if not customer_segmentation.is_built(relation, may_be_empty=true) %}{{ return("''") }}{% endif -%}
    {%- if customer_segmentation.has_broken_lines(relation) -%}
        case when input_problem is not null then input_line else {% endif -%}
    {%- for column in customer_segmentation.columns_of_input(relation) -%}
        {{ "|| ',' || " if not loop.first }}coalesce(trim(cast({{
            customer_segmentation.quoted(column.name)
        }} as {{ dbt.type_string() }})), '')
    {% endfor -%}
    {%- if customer_segmentation.has_broken_lines(relation) %} end{% endif -%}
{%- endmacro %}
