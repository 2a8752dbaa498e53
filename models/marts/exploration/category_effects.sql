-- One row per dataset, category column and feature: how much of the feature's variation lies between the groups.
with

effects as (

    select
        category_tests.*,
        -- of many comparisons some look significant by chance
        least(1, category_tests.p_value * count(category_tests.p_value) over (partition by category_tests.dataset))
            as corrected_p_value,
        replace(category_tests.category, '_', ' ') as category_label,
        features.label,
        case
            when category_tests.eta_squared is null then 'not applicable'
            when category_tests.eta_squared < {{ var('small_effect') }} then 'negligible'
            when category_tests.eta_squared < {{ var('medium_effect') }} then 'small'
            when category_tests.eta_squared < {{ var('large_effect') }} then 'medium'
            else 'large'
        end as effect
    from {{ ref('category_tests') }} as category_tests
    inner join {{ ref('features') }} as features
        on category_tests.dataset = features.dataset and category_tests.feature = features.feature
    where {{ evidence_wanted() }}

),

findings as (

    select
        effects.*,
        case
            when eta_squared is not null
                then
                    category_label || ' explains '
                    || case
                        when eta_squared < 0.0005 then 'less than 0.1'
                        else cast(round(100 * eta_squared, 1) as {{ dbt.type_string() }})
                    end
                    || ' % of the variation in ' || label || ': ' || effect
                    || case
                        when corrected_p_value >= {{ var('significance_level') }}
                            then ', and chance alone may explain it'
                        else ''
                    end
            when category_values < 2 then category_label || ' is the same for all customers with a value of ' || label
            when customers <= category_values then 'too few customers to compare ' || label || ' by ' || category_label
            else label || ' is the same for all customers, so ' || category_label || ' explains nothing'
        end as finding
    from effects

),

final as (

    select
        dataset,
        category,
        feature,
        customers,
        category_values,
        eta_squared,
        f_statistic,
        p_value,
        effect,
        upper(substr(finding, 1, 1)) || substr(finding, 2) as finding
    from findings

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
