{#
    The features of every dataset, as the seed `features` lists them: [{dataset, feature}, ...], sorted.
    Stops with a plain message if the feature mart has no such column of numbers.
#}
{% macro dataset_features() %}
    {% set seed = ref('features') %}
    {# before the seed is loaded, one feature to render #}
    {% if not customer_segmentation.is_built(seed) %}
        {{ return([{'dataset': customer_segmentation.names_in_var('datasets')[0], 'feature': 'feature'}]) }}
    {% endif %}
    {% set listed, numbers = [], {} %}
    {% for row in run_query("select dataset, feature from " ~ seed.render() ~ " order by 1, 2").rows %}
        {% if row[0] not in customer_segmentation.names_in_var('datasets') %}
            {% do exceptions.raise_compiler_error(
                "seeds/judgement/features.csv: dataset '" ~ row[0] ~ "' is not known. Expected one of "
                ~ customer_segmentation.names_in_var('datasets') | join(', ')
                ~ ". Correct the name, or add it to the var `datasets` in dbt_project.yml."
            ) %}
        {% endif %}
        {% set mart = ref(row[0] ~ '_customer_features') %}
        {% if row[0] not in numbers %}
            {% do numbers.update({row[0]: []}) %}
            {% for column in adapter.get_columns_in_relation(mart) if column.is_number() %}
                {% do numbers[row[0]].append(column.name) %}
            {% endfor %}
        {% endif %}
        {% if row[1] not in numbers[row[0]] and customer_segmentation.is_built(mart, may_be_empty=true) %}
            {% do exceptions.raise_compiler_error(
                "seeds/judgement/features.csv: feature '" ~ row[1] ~ "' of dataset '" ~ row[0]
                ~ "' is not a column of numbers in "
                ~ mart.identifier ~ ". Expected one of " ~ numbers[row[0]] | join(', ')
                ~ ". Correct the name, or add the column to the feature mart."
            ) %}
        {% endif %}
        {% do listed.append({'dataset': row[0], 'feature': row[1]}) %}
    {% endfor %}
    {{ return(listed) }}
{% endmacro %}
