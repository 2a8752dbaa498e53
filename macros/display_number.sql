{#
    Write a number for people, with a given count of decimals and without a trailing ".0".
    Example: {{ display_number('centroid', 'decimals') }}
#}
{% macro display_number(value, decimals) -%}
    case
        when {{ decimals }} = 0 then cast(cast(round({{ value }}) as bigint) as {{ dbt.type_string() }})
        else cast(round({{ value }}, {{ decimals }}) as {{ dbt.type_string() }})
    end
{%- endmacro %}
