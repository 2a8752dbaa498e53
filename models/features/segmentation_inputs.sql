-- One row per segmentation and customer: the values that its model sees, transformed, in the order of their positions.
-- The fit and the assignment both read them here, so they cannot disagree about what a feature is.
-- Customers without a value for every feature have no row: nothing can be said about them.
{{ stop_on_judgement_problems() }}
{% set wanted = segmentation_inputs_wanted() %}
{% set width = wanted | map(attribute='features') | map('length') | max if wanted else 0 %}
{% for dataset in var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% for segmentation in wanted %}
select
    '{{ segmentation.segmentation }}' as segmentation,
    '{{ segmentation.dataset }}' as dataset,
    customer_id
    {%- for position in range(1, width + 1) %},
    {% if position <= segmentation.features | length -%}
    {{ transformed(segmentation.features[position - 1].feature, segmentation.features[position - 1].transform) }}
    {%- else -%} cast(null as double) {%- endif %} as value_{{ position }}
    {%- endfor %}
from {{ ref(segmentation.dataset ~ '_customer_features') }}
where
    {% for feature in segmentation.features -%}
    {{ 'and ' if not loop.first }}{{ feature.feature }} is not null
    {% endfor %}
{{ 'union all' if not loop.last }}
{% endfor %}
