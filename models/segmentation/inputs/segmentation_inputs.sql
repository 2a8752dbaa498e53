-- One row per segmentation and customer: the transformed values that its model uses, in the order of their positions.
-- The fit and the assignment both read them here, so they cannot disagree about what a feature is.
-- Customers without a finite value for every feature have no row: they cannot be assigned to a segment.
{{ stop_on_judgement_problems() }}
{% do note_skipped_segmentations() %}
{% for dataset in names_in_var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set wanted = segmentation_inputs_wanted() %}
{% set width = wanted | map(attribute='features') | map('length') | max %}
{% for segmentation in wanted %}
select
    '{{ segmentation.segmentation }}' as segmentation,
    '{{ segmentation.dataset }}' as dataset,
    {% for feature in segmentation.features %}
    {{ transformed(feature.feature, feature.transform) }} as value_{{ loop.index }},
    {% endfor %}
    {% for position in range(segmentation.features | length + 1, width + 1) %}
    cast(null as double) as value_{{ position }},
    {% endfor %}
    customer_id
from {{ ref(segmentation.dataset ~ '_customer_features') }}
where
    true
    {% for feature in segmentation.features %}
    and {{ is_finite(feature.feature) }}
    {% endfor %}
{{ 'union all' if not loop.last }}
{% endfor %}
