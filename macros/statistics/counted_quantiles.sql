{#
    The quantiles of columns in groups, as a query with one row per group and column (`feature`). As exact as
    `quantiles`, which holds every value in memory: this query counts equal values and sorts the counts, which also
    works on disk. Groups in which a column is empty have no row for it.
    Example: with spread as ({{ counted_quantiles('customers', ['segmentation'], ['age'], {'median': 0.5}) }})
#}
{% macro counted_quantiles(relation, groups, columns, shares) %}
{% set keys = groups | join(', ') %}
select
    {{ groups | join(',\n    ') }},
    feature,
    {% for share in shares %}
    {% set lower = 'min(case when customers_so_far > floor(place_' ~ loop.index ~ ') then value end)' %}
    {% set upper = 'min(case when customers_so_far > ceil(place_' ~ loop.index ~ ') then value end)' %}
    {% set fraction = 'min(place_' ~ loop.index ~ ' - floor(place_' ~ loop.index ~ '))' %}
    round({{ lower }} + ({{ upper }} - {{ lower }}) * {{ fraction }}, 9) as {{ share }}{{ ',' if not loop.last }}
    {% endfor %}
from (
    select
        {{ groups | join(',\n        ') }},
        feature,
        value,
        {% for share in shares.values() %}
        -- position of the quantile among the sorted customers, counted from 0
        cast({{ share }} as double)
        * (sum(customers) over (partition by {{ keys }}, feature) - 1) as place_{{ loop.index }},
        {% endfor %}
        sum(customers) over (
            partition by {{ keys }}, feature order by value rows between unbounded preceding and current row
        ) as customers_so_far
    from (
        {% for column in columns %}
        select
            {{ groups | join(',\n            ') }},
            '{{ column }}' as feature,
            {{ column }} as value,
            count(*) as customers
        from {{ relation }}
        where {{ column }} is not null
        group by {{ keys }}, {{ column }}
        {{ 'union all' if not loop.last }}
        {% endfor %}
    ) as counted
) as placed
group by {{ keys }}, feature
{% endmacro %}
