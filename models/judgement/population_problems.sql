-- One row per conflict between a segmentation and the customers in the data; empty if there is none. Segmentations that
-- do not apply to the data have no row.
with

applied_segmentations as (

    select * from {{ ref('applied_segmentations') }}

),

segmentation_features as (

    select * from {{ ref('segmentation_features') }}

),

feature_statistics as (

    select * from {{ ref('feature_statistics') }}

),

populations as (

    select
        dataset,
        max(customers) as customers
    from feature_statistics
    group by dataset

),

problems as (

    -- k is possible for this number of customers; a small file lowers the upper end of the range to compare
    {{ problem(
        'segmentations', ['segmentations.segmentation'], 'k',
        "cast(segmentations.k as string)",
        "'a whole number from 2 to ' || coalesce(populations.customers, 0) || ' (the usable customers of ' || "
        ~ "segmentations.dataset || ')'",
        "Change k, or see rejected_rows for customers that could not be used."
    ) }}
    from applied_segmentations as segmentations
    left join populations on segmentations.dataset = populations.dataset
    where
        segmentations.k < 2
        or segmentations.k > greatest(coalesce(populations.customers, 0), coalesce(segmentations.k_max, 0))
        or coalesce(populations.customers, 0) < 2

    union all

    -- each feature of the default segmentation differs between customers; for other segmentations, the fit names
    -- constant features
    {{ problem(
        'segmentation_features', ['segmentation_features.segmentation'], 'feature',
        "segmentation_features.feature || ' = ' || feature_statistics.minimum || ' for every customer'",
        "'a feature that differs between customers'",
        "Remove the feature from the segmentation, or check the input: a constant separates no customers."
    ) }}
    from segmentation_features
    inner join applied_segmentations as segmentations
        on segmentation_features.segmentation = segmentations.segmentation
    inner join feature_statistics
        on
            segmentations.dataset = feature_statistics.dataset
            and segmentation_features.feature = feature_statistics.feature
    where feature_statistics.minimum = feature_statistics.maximum and segmentations.is_default

)

select * from problems
