{#
    Read a text as a finite number; null if it is not one. "nan" and "inf" are words that SQL accepts as numbers and a
    customer's age is not.
    Example: {{ as_number('age_text') }} as age
#}
{% macro as_number(text) -%}
    case
        when try_cast({{ text }} as double) between -1e300 and 1e300 then try_cast({{ text }} as double)
    end
{%- endmacro %}
