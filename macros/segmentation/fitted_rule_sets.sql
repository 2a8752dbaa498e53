{#
    The rules of each segmentation: [{segmentation, dataset, rules: [{cluster_id, rule_sql}, ...]}, ...]. A rule is part
    of the SQL that counts the customers it matches, so the stated figures apply to the rule as written.
#}
{% macro fitted_rule_sets() %}
    {% set fitted_rules = ref('fitted_rules') %}
    {# before they are fitted there is no rule to render #}
    {% if not customer_segmentation.is_built(fitted_rules) %}{{ return([]) }}{% endif %}
    {% set rule_sets = {} %}
    {% set query %}
        select segmentation, dataset, cluster_id, rule_sql from {{ fitted_rules }}
        where rule_sql is not null order by segmentation, cluster_id
    {% endset %}
    {% for row in run_query(query).rows %}
        {% do rule_sets.setdefault(row[0], {'segmentation': row[0], 'dataset': row[1], 'rules': []}) %}
        {% do rule_sets[row[0]].rules.append({'cluster_id': row[2] | int, 'rule_sql': row[3]}) %}
    {% endfor %}
    {{ return(rule_sets.values() | list) }}
{% endmacro %}
