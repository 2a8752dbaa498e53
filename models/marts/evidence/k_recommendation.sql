-- One row per segmentation: what each criterion says about the number of segments, and the recommendation that follows.
{% set picks = [
    'elbow_k', 'silhouette_k', 'calinski_harabasz_k', 'davies_bouldin_k', 'gap_k', 'prediction_strength_k', 'bootstrap_k'
] %}
with

counted as (

    select
        k_choices.*,
        {% for pick in picks %}
        case when {{ pick }} = recommended_k then 1 else 0 end {{ '+' if not loop.last }}
        {% endfor %}
            as agreeing_criteria,
        {{ picks | length }} as criteria
    from {{ ref('k_choices') }} as k_choices
    where recommended_k is not null

),

judged as (

    select
        counted.*,
        -- not the number in k_choices: a kept model has the number of its fit
        segmentation_fits.k as k_in_use,
        recommended.silhouette,
        recommended.worst_cluster_jaccard
        - 2 * coalesce(recommended.worst_cluster_jaccard_standard_error, 0) as surely_reached_jaccard,
        (select max(grades.lowest_jaccard) from {{ ref('grades') }} as grades) as stable_jaccard,
        case
            when counted.agreeing_criteria = counted.criteria then 'all'
            when 2 * counted.agreeing_criteria > counted.criteria then 'most'
            when counted.agreeing_criteria > 0 then 'some'
            else 'none'
        end as agreement
    from counted
    inner join {{ ref('k_criteria') }} as recommended
        on counted.segmentation = recommended.segmentation and counted.recommended_k = recommended.k
    inner join {{ ref('segmentation_fits') }} as segmentation_fits
        on counted.segmentation = segmentation_fits.segmentation

),

final as (

    select
        segmentation,
        dataset,
        elbow_k,
        silhouette_k,
        calinski_harabasz_k,
        davies_bouldin_k,
        gap_k,
        prediction_strength_k,
        bootstrap_k,
        agreeing_criteria,
        criteria,
        agreement,
        recommended_k,
        k_in_use,
        is_auto,
        'Among the numbers of segments from ' || smallest_k_compared || ' to ' || largest_k_compared
        || ' whose every segment comes back in resampled customers (worst bootstrap Jaccard, less two standard '
        || 'errors, at least '
        || cast(cast(stable_jaccard as decimal(9, 2)) as string)
        || '), the one with the highest silhouette; if there is none, the one whose worst segment is most stable.'
            as rule,
        case
            when surely_reached_jaccard >= stable_jaccard
                then
                    recommended_k || ' segments separate customers best (silhouette '
                    || cast(cast(silhouette as decimal(9, 2)) as string)
                    || ') among the numbers of segments that are stable across samples.'
            else
                'No number of segments from ' || smallest_k_compared || ' to ' || largest_k_compared
                || ' is stable across samples; ' || recommended_k || ' comes closest.'
        end
        || ' ' || agreeing_criteria || ' of ' || criteria || ' criteria pick ' || recommended_k || '.'
        || case
            when is_auto and k_in_use = recommended_k
                then ' Showing ' || k_in_use || ': k is auto, so the recommendation is used.'
            when k_in_use = recommended_k then ' Showing ' || k_in_use || '.'
            when is_auto then ' Showing ' || k_in_use || ', the recommendation when the model was fitted.'
            when k_in_use < k then ' Showing ' || k_in_use || ' because no more customers differ.'
            else ' Showing ' || k_in_use || ' because segmentations.csv sets k = ' || k_in_use || '.'
        end as sentence
    from judged

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
