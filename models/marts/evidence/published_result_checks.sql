-- One row per figure that others published on a dataset: confirmed, a local optimum, or an error.
select
    published_results.result_id,
    published_results.dataset,
    published_results.claimed,
    published_results.feature_set,
    published_results.scaling,
    published_results.k,
    published_results.figure,
    published_results.published_value,
    published_result_fits.best_value,
    published_result_fits.nearest_value,
    published_result_fits.verdict,
    published_results.explanation
from {{ ref('published_results') }} as published_results
inner join {{ ref('published_result_fits') }} as published_result_fits
    on published_results.result_id = published_result_fits.result_id
