-- One row per segmentation and feature that a new customer needs to be scored: what a form or a file has to provide.
with

inputs as (

    {% for input in dataset_inputs() %}
    select
        '{{ input.dataset }}' as dataset,
        '{{ input.input }}' as input
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

names as (

    select
        inputs.dataset,
        synonyms.column_name as feature,
        synonyms.written as name
    from {{ ref('input_synonyms') }} as synonyms
    inner join inputs
        on synonyms.input = inputs.input
    union
    select
        dataset,
        feature,
        feature as name
    from {{ ref('features') }}
    union
    select
        dataset,
        feature,
        label as name
    from {{ ref('features') }}

),

accepted as (

    select
        dataset,
        feature,
        {{ dbt.listagg('name', "'; '", 'order by name') }} as accepted_names
    from names
    group by dataset, feature

),

seen as (

    select
        segmentation,
        feature,
        min(min) as seen_minimum,
        max(max) as seen_maximum
    from {{ ref('segment_profiles') }}
    group by segmentation, feature

),

fitted as (

    select distinct
        segmentation,
        position,
        feature,
        transform
    from {{ ref('cluster_centroids') }}

),

final as (

    select
        segmentation_fits.dataset,
        fitted.segmentation,
        fitted.position,
        fitted.feature,
        features.label,
        features.unit,
        features.decimals,
        fitted.transform,
        cast(features.valid_minimum as double) as valid_minimum,
        cast(features.valid_maximum as double) as valid_maximum,
        seen.seen_minimum,
        seen.seen_maximum,
        feature_statistics.median as typical_value,
        accepted.accepted_names
    from fitted
    inner join {{ ref('segmentation_fits') }} as segmentation_fits
        on fitted.segmentation = segmentation_fits.segmentation
    inner join {{ ref('features') }} as features
        on segmentation_fits.dataset = features.dataset and fitted.feature = features.feature
    inner join {{ ref('feature_statistics') }} as feature_statistics
        on segmentation_fits.dataset = feature_statistics.dataset and fitted.feature = feature_statistics.feature
    inner join seen
        on fitted.segmentation = seen.segmentation and fitted.feature = seen.feature
    inner join accepted
        on segmentation_fits.dataset = accepted.dataset and fitted.feature = accepted.feature

)

select * from final
