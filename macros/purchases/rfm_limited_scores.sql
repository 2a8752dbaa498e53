{#
    The RFM scores that have an upper limit, in order of increasing values: [(measure, score), ...]. Low recency is
    good.
#}
{% macro rfm_limited_scores() %}
    {% set listed = [] %}
    {% for score in [5, 4, 3, 2] %}{% do listed.append(('recency', score)) %}{% endfor %}
    {% for measure in ['frequency', 'monetary'] %}
        {% for score in [1, 2, 3, 4] %}{% do listed.append((measure, score)) %}{% endfor %}
    {% endfor %}
    {{ return(listed) }}
{% endmacro %}
