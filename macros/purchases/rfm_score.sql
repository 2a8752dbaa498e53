{#
    The score of a customer in one RFM measure: that of the first limit which the value does not exceed, else the last
    score; null for customers without purchases.
    Example: {{ rfm_score('frequency', 5) }} as frequency_score
#}
{% macro rfm_score(measure, last_score) -%}
    case
        when rfm_values.recency is null then null
        {%- for limited_measure, score in customer_segmentation.rfm_limited_scores() if limited_measure == measure %}
        when rfm_values.{{ measure }} <= limits.{{ measure }}_{{ score }} then {{ score }}
        {%- endfor %}
        else {{ last_score }}
    end
{%- endmacro %}
