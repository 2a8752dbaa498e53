{#
    The columns that sort customers into groups: [{dataset, category}, ...]. These are the text columns of the feature
    marts other than the keys, unless they are empty or have so many distinct values that each group would be
    small.
#}
{% macro category_columns() %}
    {# more boxes than this cannot be distinguished in a picture #}
    {% set most_values = 30 %}
    {% set listed = [] %}
    {% for dataset in customer_segmentation.names_in_var('datasets') %}
        {% set mart = ref(dataset ~ '_customer_features') %}
        {% set texts = [] %}
        {% for column in (adapter.get_columns_in_relation(mart) if customer_segmentation.is_built(mart) else []) %}
            {% if customer_segmentation.column_kind(column) == 'text'
                and column.name not in ['customer_id', 'customer_key'] %}
                {% do texts.append(column.name) %}
            {% endif %}
        {% endfor %}
        {% if texts %}
            {% set query %}
                select
                    {% for text in texts %}
                    count(distinct {{ text }}){{ ',' if not loop.last }}
                    {% endfor %}
                from {{ mart }}
            {% endset %}
            {% set counts = run_query(query).rows[0] %}
            {% for text in texts %}
                {% if 0 < counts[loop.index0] <= most_values %}
                    {% do listed.append({'dataset': dataset, 'category': text}) %}
                {% endif %}
            {% endfor %}
        {% endif %}
    {% endfor %}
    {# before any customer is known, one column to render #}
    {% set first_mart = ref(customer_segmentation.names_in_var('datasets')[0] ~ '_customer_features') %}
    {% if not listed and not customer_segmentation.is_built(first_mart) %}
        {% do listed.append({'dataset': customer_segmentation.names_in_var('datasets')[0], 'category': 'gender'}) %}
    {% endif %}
    {{ return(listed) }}
{% endmacro %}
