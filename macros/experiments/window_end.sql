{#
    The last day of the window of an experiment; the first day counts.
    Example: {{ window_end('experiments.starts_on', 'experiments.window_days') }} as ends_on
#}
{% macro window_end(starts_on, window_days) -%}
    cast({{ dbt.dateadd('day', window_days ~ ' - 1', starts_on) }} as date)
{%- endmacro %}
