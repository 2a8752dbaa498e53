{#
    The fence beyond which a value is an outlier: one and a half interquartile ranges below the lower quartile
    (`side` -1) or above the upper one (`side` 1), after J. Tukey (1977), Exploratory data analysis.
    Example: {{ tukey_fence(-1, 'p25', 'p75') }} as lower_fence
#}
{% macro tukey_fence(side, lower_quartile, upper_quartile) -%}
    {% set quartile = lower_quartile if side < 0 else upper_quartile -%}
    round({{ quartile }} + {{ 1.5 * side }} * ({{ upper_quartile }} - {{ lower_quartile }}), 9)
{%- endmacro %}
