-- One row per purchase, cancelled purchase or return of the SYNTHETIC retailer in 2023 and 2024. A row is computed from
-- the number of its customer and its number within the customer, so rows do not depend on each other, however many
-- there are.
{{ config(materialized='view', schema='inputs') }}
{% set first_day = '2023-01-01' %}
-- up to 2024-12-31
{% set days = 731 %}

-- Row shares of an ordinary shop; half of the possible returns (of two, four, ... units) return half of the units.
{% set cancelled_share = 0.03 %}
{% set returned_share = 0.05 %}
{% set half_returned_share = 0.5 %}
{% set days_to_return = 30 %}
with

-- What each group buys, in percent of its purchases; unit price relative to the basket; maximum number of units.
categories as (

    select
        'groceries' as category,
        0.6 as price_factor,
        5 as most_pieces,
        18 as percent_of_high_income,
        42 as percent_of_frequent,
        30 as percent_of_occasional
    union all
    select
        'clothing',
        1.1,
        3,
        24,
        18,
        26
    union all
    select
        'home',
        1.2,
        3,
        18,
        13,
        14
    union all
    select
        'electronics',
        2.4,
        2,
        18,
        6,
        8
    union all
    select
        'sports',
        1.3,
        2,
        11,
        9,
        8
    union all
    select
        'beauty',
        0.7,
        4,
        11,
        12,
        14

),

category_percents_of_groups as (

    {% for group in ['high_income', 'frequent', 'occasional'] %}
    select
        category,
        price_factor,
        most_pieces,
        {{ loop.index0 }} as group_number,
        {{ number_series('percent_of_' ~ group) }} as percent_of_category
    from categories
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- One row per group and percent of its purchases, so that a draw finds its category with an equality join.
category_percents as (

    select
        category,
        price_factor,
        most_pieces,
        group_number * 100
        + row_number() over (partition by group_number order by category, percent_of_category)
        - 1 as percent_number
    from category_percents_of_groups

),

-- Relative number of purchases per day of each month: most before Christmas, few after it and in the summer holidays.
months as (

    {% for purchases_a_day in [9, 8, 9, 10, 11, 10, 7, 7, 10, 11, 14, 20] %}
    select
        {{ loop.index }} as month_number,
        {{ purchases_a_day }} as purchases_a_day
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

calendar as (

    select
        numbers.day_number,
        cast(
            {{ dbt.dateadd('day', 'cast(numbers.day_number as int)', "cast('" ~ first_day ~ "' as date)") }} as date
        ) as calendar_date
    from range(0, {{ days }}) as numbers (day_number)

),

-- One row per moment of the season. Days with many purchases have many moments, so that a uniformly drawn moment gives
-- a seasonal date.
moments as (

    select
        day_number,
        row_number() over (order by day_number, moment_of_day) - 1 as moment
    from (
        select
            calendar.day_number,
            -- the first day is a Sunday
            {{ number_series(
                'months.purchases_a_day + case when calendar.day_number % 7 in (0, 6) then 3 else 0 end'
            ) }} as moment_of_day
        from calendar
        inner join months
            on extract(month from calendar.calendar_date) = months.month_number
    ) as moments_of_days

),

first_moments as (

    select
        calendar.calendar_date,
        min(moments.moment) as first_moment
    from moments
    inner join calendar
        on moments.day_number = calendar.day_number
    group by calendar.calendar_date

),

totals as (

    select count(*) as moments
    from moments

),

-- A customer is active from the sign-up on, for the share of the remaining time that the habits say.
active_customers as (

    select
        habits.customer_number,
        habits.customer_id,
        habits.group_number,
        habits.store_share,
        habits.app_share_of_the_rest,
        habits.basket,
        habits.purchases,
        habits.has_bought,
        coalesce(first_moments.first_moment, 0) as first_moment,
        totals.moments,
        (totals.moments - coalesce(first_moments.first_moment, 0)) * habits.active_share as active_moments
    from {{ ref('generated_retail_habits') }} as habits
    left join first_moments
        on habits.signed_up_on = first_moments.calendar_date
    cross join totals

),

counted as (

    select
        customer_number,
        customer_id,
        group_number,
        store_share,
        app_share_of_the_rest,
        first_moment,
        active_moments,
        basket,
        -- rounded up or down at random: otherwise, all customers who buy little would have bought once
        case
            when has_bought
                then cast(
                    1 + floor(
                        purchases * active_moments / moments + {{ uniform(['customer_number'], 'one more purchase') }}
                    ) as bigint
                )
            else 0
        end as transactions
    from active_customers

),

-- Where the rows of a customer start, so that all rows are numbered without sorting them.
placed as (

    select
        counted.*,
        cast(
            sum(transactions) over (order by customer_number rows between unbounded preceding and current row) as bigint
        ) - transactions as rows_before
    from counted

),

numbered as (

    select
        placed.*,
        {{ number_series('transactions') }} as transaction_number
    from placed
    where transactions > 0

),

return_drawn as (

    select
        numbered.*,
        {{ uniform(['customer_number', 'transaction_number'], 'is return') }} as return_draw
    from numbered

),

-- A return follows its purchase, which must be neither cancelled nor itself a return. The draw of the previous row
-- alone shows that it is not a return, so no row has to look back more than one row.
sorted_out as (

    select
        return_drawn.*,
        case
            when return_draw >= {{ returned_share }} or transaction_number = 1 then false
            else
                {{ uniform(['customer_number', 'transaction_number - 1'], 'is return') }}
                >= {{ returned_share }}
                and {{ uniform(['customer_number', 'transaction_number - 1'], 'is cancelled') }}
                >= {{ cancelled_share }}
        end as is_return
    from return_drawn

),

-- A return is described by the draws of its purchase.
purchases as (

    select
        sorted_out.*,
        case when is_return then transaction_number - 1 else transaction_number end as purchase_number
    from sorted_out

),

drawn as (

    select
        customer_number,
        customer_id,
        basket,
        store_share,
        app_share_of_the_rest,
        is_return,
        rows_before + transaction_number as row_number,
        -- purchases in the order of their numbers, each at some moment of its own part of the active time
        cast(
            floor(
                first_moment
                + active_moments
                * (purchase_number - 1 + {{ uniform(['customer_number', 'purchase_number'], 'moment') }})
                / transactions
            ) as bigint
        ) as moment,
        group_number * 100
        + cast(floor({{ uniform(['customer_number', 'purchase_number'], 'category') }} * 100) as bigint)
            as percent_number,
        {{ normal(['customer_number', 'purchase_number'], 'price') | indent(8) }} as price_draw,
        {{ uniform(['customer_number', 'purchase_number'], 'pieces') }} as pieces_draw,
        {{ uniform(['customer_number', 'purchase_number'], 'channel') }} as channel_draw,
        {{ uniform(['customer_number', 'purchase_number'], 'is cancelled') }} as cancelled_draw,
        -- drawn for the few rows that need them
        case when is_return then {{ uniform(['customer_number', 'purchase_number'], 'days to return') }} end
            as days_to_return_draw,
        case when is_return then {{ uniform(['customer_number', 'purchase_number'], 'half returned') }} end
            as half_returned_draw
    from purchases

),

priced as (

    select
        drawn.row_number,
        drawn.customer_id,
        drawn.store_share,
        drawn.app_share_of_the_rest,
        drawn.is_return,
        drawn.channel_draw,
        drawn.cancelled_draw,
        drawn.days_to_return_draw,
        drawn.half_returned_draw,
        moments.day_number,
        category_percents.category,
        -- one unit is more likely than two, two more likely than three
        cast(
            1 + floor(drawn.pieces_draw * drawn.pieces_draw * category_percents.most_pieces) as bigint
        ) as pieces,
        cast(
            greatest(
                50,
                floor(100 * drawn.basket * category_percents.price_factor * exp(0.45 * drawn.price_draw) + 0.5)
            ) as bigint
        ) as cents_a_piece
    from drawn
    inner join moments
        on drawn.moment = moments.moment
    inner join category_percents
        on drawn.percent_number = category_percents.percent_number

),

dated as (

    select
        row_number,
        customer_id,
        is_return,
        category,
        channel_draw,
        store_share,
        app_share_of_the_rest,
        cancelled_draw,
        cents_a_piece,
        -- returns after the last day would be unknown, so those of the last purchases come sooner
        cast(
            case
                when is_return
                    then day_number + least(
                        {{ days - 1 }} - day_number,
                        1 + floor(days_to_return_draw * least({{ days_to_return }}, {{ days - 1 }} - day_number))
                    )
                else day_number
            end as int
        ) as day_number,
        case
            when not is_return then pieces
            when pieces % 2 = 0 and half_returned_draw < {{ half_returned_share }}
                then cast(-floor(pieces / 2) as bigint)
            else -pieces
        end as quantity
    from priced

),

final as (

    select
        row_number as input_row_number,
        'T' || lpad(cast(row_number as {{ dbt.type_string() }}), 10, '0') as transaction_id,
        customer_id,
        cast({{ dbt.dateadd('day', 'day_number', "cast('" ~ first_day ~ "' as date)") }} as date) as transaction_date,
        cast(quantity * cents_a_piece / 100 as decimal(18, 2)) as amount,
        cast(quantity as int) as quantity,
        category,
        case
            when channel_draw < store_share then 'store'
            when channel_draw < store_share + (1 - store_share) * app_share_of_the_rest then 'app'
            else 'web'
        end as channel,
        case when cancelled_draw < {{ cancelled_share }} then 'cancelled' else 'completed' end as status
    from dated

)

select * from final
