{#
    The datasets for which the seed `published_results` lists figures that others published, and whose data is still the
    data that these figures were computed from.
#}
{% macro datasets_with_published_results() %}
    {% set results = ref('published_results') %}
    {% for dataset in customer_segmentation.names_in_var('datasets') %}
        {% do ref(dataset ~ '_customer_features') %}
    {% endfor %}
    {% if not customer_segmentation.is_built(results) %}{{ return([]) }}{% endif %}
    {% set listed = [] %}
    {% for dataset in run_query(
        "select distinct dataset from " ~ results.render() ~ " order by 1"
    ).columns[0].values() %}
        {% set others = [] %}
        {% for input in customer_segmentation.dataset_inputs(dataset)
            if not customer_segmentation.is_example(input.input) %}
            {% do others.append(input.input) %}
        {% endfor %}
        {% if not others %}{% do listed.append(dataset) %}{% endif %}
    {% endfor %}
    {{ return(listed) }}
{% endmacro %}
