{#
    Which features of a dataset are missing for the same customers: for each feature the position, from 0, of the first
    feature that is missing for exactly the same customers. Ranks need to be computed only once for each such group.
    Example: {% set patterns = missing_patterns('shop', ['age', 'annual_income_k']) %}
#}
{% macro missing_patterns(dataset, features) %}
    {% set patterns, customers = range(features | length) | list, ref(dataset ~ '_customer_features') %}
    {% if features | length < 2 or not customer_segmentation.is_built(customers) %}{{ return(patterns) }}{% endif %}
    {% set query %}
        select
            {% for feature in features %}{% set outer = loop %}{% for other_feature in features[loop.index:] %}
            count(case when ({{ feature }} is null) <> ({{ other_feature }} is null) then 1 end)
            {{- ',' if not (loop.last and outer.revindex == 2) }}
            {% endfor %}{% endfor %}
        from {{ customers }}
    {% endset %}
    {% set differences = run_query(query).rows[0] | list %}
    {% set found = [] %}
    {% for feature in features %}
        {% set place = loop.index0 %}
        {% set firsts = [] %}
        {% for earlier in range(place) %}
            {# pairs are listed by their first feature #}
            {% set pair = earlier * (features | length) - earlier * (earlier + 1) // 2 + place - earlier - 1 %}
            {% if differences[pair] == 0 %}{% do firsts.append(earlier) %}{% endif %}
        {% endfor %}
        {% do found.append(firsts[0] if firsts else place) %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}
