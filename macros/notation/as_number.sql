{#
    Read a text as a finite number; null if it is not one. SQL also accepts "nan", "inf" and "1_000", none of which can
    be a customer's age.
    Example: {{ as_number('age_text') }} as age
#}
{% macro as_number(text) -%}
    case
        when replace({{ text }}, '_', '') = {{ text }} and try_cast({{ text }} as double) between -1e300 and 1e300
            then try_cast({{ text }} as double)
    end
{%- endmacro %}
