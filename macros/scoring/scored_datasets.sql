{#
    The datasets that have scoring macros, each with the features that a caller passes, in the order of their
    parameters, and the number of features of its widest segmentation: [{dataset, parameters, width}, ...].
#}
{% macro scored_datasets(scoring_models) %}
    {# before the first fit, one dataset to render #}
    {% if not customer_segmentation.is_built(scoring_models) %}
        {{ return([{'dataset': 'dataset', 'parameters': ['feature'], 'width': 1}]) }}
    {% endif %}
    {% set found = {} %}
    {% set query %}
        select dataset, feature, max(len(features)) over (partition by dataset) as width
        from (
            select dataset, features, unnest(features) as feature, unnest(parameter_positions) as parameter
            from {{ scoring_models }}
        )
        order by dataset, parameter
    {% endset %}
    {% for row in run_query(query).rows %}
        {% set dataset = found.setdefault(row[0], {'dataset': row[0], 'parameters': [], 'width': row[2] | int}) %}
        {% do dataset.parameters.append(row[1]) if row[1] not in dataset.parameters %}
    {% endfor %}
    {{ return(found.values() | list) }}
{% endmacro %}
