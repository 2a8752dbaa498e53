-- One row per dataset with a segmentation: the table macro that scores its customers, as SQL that publishing runs.
{% for scored in scored_datasets(ref('scoring_models')) %}
{% set parameters = scored.parameters %}
{% set definition %}
create or replace macro predict_{{ scored.dataset }}({{ parameters | join(' := null, ') }} := null) as table
{{ scoring_query(scored.dataset, parameters, scored.width) }}
{% endset %}
select
    '{{ scored.dataset }}' as dataset,
    'predict_{{ scored.dataset }}' as macro_name,
    '{{ parameters | join(', ') }}' as parameters,
    'select * from predict_{{ scored.dataset }}('
    {%- for parameter in parameters %}
    || '{{ parameter }} := ' || (
        select {{ plain_number('max(typical_value)') }}
        from {{ ref('prediction_features') }}
        where dataset = '{{ scored.dataset }}' and feature = '{{ parameter }}'
    )
    {%- if not loop.last %} || ', '{% endif %}
    {%- endfor %} || ')' as example,
    '{{ definition | replace("'", "''") }}' as definition
where '{{ scored.dataset }}' in (select scoring_models.dataset from {{ ref('scoring_models') }} as scoring_models)
{{ 'union all' if not loop.last }}
{% endfor %}
