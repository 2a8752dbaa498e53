-- One row per dataset, category column and feature: how much of the feature's variation lies between the groups.
with

effects as (

    select
        category_tests.*,
        replace(category_tests.category, '_', ' ') as category_label,
        features.label,
        -- limits of small, medium and large: Cohen (1988)
        case
            when category_tests.eta_squared is null then 'not applicable'
            when category_tests.eta_squared < 0.01 then 'negligible'
            when category_tests.eta_squared < 0.06 then 'small'
            when category_tests.eta_squared < 0.14 then 'medium'
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
                    || case when p_value >= 0.05 then ', and chance alone may explain it' else '' end
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

select * from final
