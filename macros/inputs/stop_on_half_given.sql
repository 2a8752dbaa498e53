{#
    Stop the build if only one half of a dataset with purchases is given and the other half would be synthetic:
    synthetic customers do not match real purchases.
#}
{% macro stop_on_half_given(dataset) %}
    {% set inputs = customer_segmentation.dataset_inputs(dataset) | map(attribute='input')
        | reject('equalto', dataset ~ '_campaign_outcomes') | list %}
    {% if inputs | length < 2 %}{{ return('') }}{% endif %}
    {% for given, other in [inputs, inputs[::-1]] if var(given, none) and not var(other, none)
        and customer_segmentation.input_description(other).is_synthetic %}
        {% do exceptions.raise_compiler_error(
            "The var " ~ given ~ " is given, but " ~ other
            ~ " is not: the other half would be synthetic. Name both. If there "
            ~ "is no table of customers, set " ~ inputs[0] ~ " to from_transactions."
        ) %}
    {% endfor %}
{% endmacro %}
