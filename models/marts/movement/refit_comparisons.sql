-- One row per segmentation: what this build did with its model, and where there was a new fit, how it compares with the
-- model before.
{% set folder = history_folder() %}
with

final as (

    select
        fits.dataset,
        decisions.segmentation,
        fits.is_default,
        plans.refit,
        decisions.decision,
        decisions.reason,
        decisions.model_version,
        decisions.champion_version,
        decisions.challenger_version,
        decisions.customers,
        decisions.customers_moved,
        decisions.share_moved,
        plans.move_limit,
        decisions.adjusted_rand_index,
        decisions.largest_centre_shift,
        decisions.champion_inertia,
        decisions.challenger_inertia,
        decisions.dissolved_segments,
        case
            when decisions.decision = 'waiting'
                then
                    'segmentation models activate ' || decisions.challenger_version
                    || '{{ ' --history ' ~ folder if folder != 'history' }}'
        end as accept_command
    from {{ ref('refit_decisions') }} as decisions
    inner join {{ ref('refit_plans') }} as plans
        on decisions.segmentation = plans.segmentation
    inner join {{ ref('segmentation_fits') }} as fits
        on decisions.segmentation = fits.segmentation

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
