{#
    The columns of the feature marts that say who agreed to be contacted: [{dataset, column}, ...], by `contact_rules`.
    A column that does not exist is left to the checks of the seeds.
#}
{% macro consent_columns() %}
    {% set rules, listed = ref('contact_rules'), [] %}
    {% if not customer_segmentation.is_built(rules) %}{{ return([]) }}{% endif %}
    {% for dataset, column in run_query(
        "select dataset, consent_column from " ~ rules.render() ~ " where consent_column is not null order by dataset"
    ).rows if column in customer_segmentation.columns_of_features(dataset) %}
        {% do listed.append({'dataset': dataset, 'column': column}) %}
    {% endfor %}
    {{ return(listed) }}
{% endmacro %}
