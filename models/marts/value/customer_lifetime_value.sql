-- One row per dataset and customer with a purchase: what is expected of the customer in the time to come. All customers
-- with the same pattern share a row of the scores, so the values of a customer are a join and a few products.
{% set horizons = [90, 365] %}
with

scored as (

    select
        states.*,
        scores.probability_alive,
        {% for days in horizons %}
        scores.purchases_{{ days }}_days,
        scores.spread_{{ days }}_days,
        {% endfor %}
        scores.amount_intercept + scores.amount_slope * greatest(states.amount, 0) as expected_amount,
        -- half the width of the interval of the amount, squared
        scores.intercept_variance
        + 2 * scores.line_covariance * greatest(states.amount, 0)
        + scores.slope_variance * greatest(states.amount, 0) * greatest(states.amount, 0) as amount_variance
    from {{ ref('purchase_states') }} as states
    inner join {{ ref('lifetime_value_scores') }} as scores
        on
            states.dataset = scores.dataset
            and states.frequency = scores.frequency
            and states.recency_weeks = scores.recency_weeks
            and states.age_weeks = scores.age_weeks

),

-- Errors of the two models are independent, so the squares of their relative sizes add up.
spread as (

    select
        {% for days in horizons %}
        sqrt(
            spread_{{ days }}_days * spread_{{ days }}_days
            + greatest(amount_variance, 0) / (expected_amount * expected_amount)
        ) as money_spread_{{ days }}_days,
        {% endfor %}
        scored.*
    from scored

),

final as (

    select
        {{ customer_key('dataset', 'customer_id') }} as customer_key,
        dataset,
        customer_id,
        frequency as repeat_purchases,
        recency_weeks,
        age_weeks,
        amount as mean_amount,
        probability_alive,
        {% for days in horizons %}
        purchases_{{ days }}_days as expected_purchases_{{ days }}_days,
        purchases_{{ days }}_days * exp(-spread_{{ days }}_days) as purchases_{{ days }}_days_low,
        purchases_{{ days }}_days * exp(spread_{{ days }}_days) as purchases_{{ days }}_days_high,
        {% endfor %}
        expected_amount,
        {% for days in horizons %}
        purchases_{{ days }}_days * expected_amount as expected_money_{{ days }}_days,
        purchases_{{ days }}_days * expected_amount * exp(-money_spread_{{ days }}_days)
            as money_{{ days }}_days_low,
        purchases_{{ days }}_days * expected_amount * exp(money_spread_{{ days }}_days)
            as money_{{ days }}_days_high,
        {% endfor %}
        '{{ currency() }}' as currency
    from spread

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
