{# The dataset that an input belongs to. #}
{% macro dataset_of_input(input) %}
    {% set found = customer_segmentation.dataset_inputs() | selectattr('input', 'equalto', input)
        | map(attribute='dataset') | first %}
    {% if not found and execute %}
        {% do exceptions.raise_compiler_error(
            "The input " ~ input ~ " belongs to no dataset of the var `datasets`. Expected one of "
            ~ customer_segmentation.dataset_inputs() | map(attribute='input') | join(', ')
            ~ ". Correct the name, or add its dataset to the var; one with "
            ~ "purchases is also listed in the var `datasets_with_purchases`."
        ) %}
    {% endif %}
    {{ return(found) }}
{% endmacro %}
