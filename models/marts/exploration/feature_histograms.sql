-- One row per dataset, feature and bin: how many customers have a value in it. Empty bins are included with 0
-- customers. A value on the border of two bins belongs to the upper one; the largest value belongs to the last bin.
{% set fewest_bins, most_bins = 5, 40 %}
with

-- Freedman and Diaconis; Sturges if the quartiles are equal.
suggested as (

    select
        dataset,
        feature,
        data_type,
        minimum,
        maximum,
        customers - missing_values as customers,
        greatest({{ fewest_bins }}, least({{ most_bins }}, case
            when p75 > p25
                then ceil((maximum - minimum) / (2 * (p75 - p25) / power(customers - missing_values, 1 / 3.0)))
            else ceil(log2(customers - missing_values)) + 1
        end)) as bins
    from {{ ref('feature_summary') }}
    where {{ evidence_wanted() }} and customers > missing_values

),

widths as (

    select
        suggested.*,
        (maximum - minimum) / bins as width,
        -- bins 1.5 numbers wide would alternately hold one and two numbers, a pattern that is not in the data
        greatest(1, round((maximum - minimum) / bins)) as whole_width
    from suggested

),

chosen_widths as (

    select
        dataset,
        feature,
        data_type,
        minimum,
        maximum,
        customers,
        bins,
        case
            when data_type = 'fraction' then width
            when floor((maximum - minimum) / whole_width) + 1 > {{ most_bins }} then whole_width + 1
            else whole_width
        end as width
    from widths

),

sized as (

    select
        dataset,
        feature,
        data_type,
        minimum,
        maximum,
        customers,
        width,
        case
            when minimum = maximum then 1
            when data_type = 'fraction' then bins
            else floor((maximum - minimum) / width) + 1
        end as bins
    from chosen_widths

),

numbered as (

    select
        sized.*,
        {{ number_series('bins') }} as bin
    from sized

),

bounded as (

    select
        dataset,
        feature,
        customers,
        cast(bin as int) as bin,
        minimum + (bin - 1) * width as lower_bound,
        case
            when data_type = 'fraction' and bin = bins then maximum
            else minimum + bin * width
        end as upper_bound
    from numbered

),

-- Rounding in the division may miss a border, so the neighbouring bins are also checked.
guessed as (

    select
        feature_values.dataset,
        feature_values.feature,
        feature_values.value,
        cast(
            least(floor((feature_values.value - sized.minimum) / nullif(sized.width, 0)) + 1, sized.bins) as int
        ) as bin,
        sized.minimum,
        sized.width,
        sized.bins
    from {{ ref('feature_values') }} as feature_values
    inner join sized
        on feature_values.dataset = sized.dataset and feature_values.feature = sized.feature
    where feature_values.value is not null

),

placed as (

    select
        dataset,
        feature,
        case
            when bin is null then 1
            when bin > 1 and value < minimum + (bin - 1) * width then bin - 1
            when bin < bins and value >= minimum + bin * width then bin + 1
            else bin
        end as bin
    from guessed

),

counted as (

    select
        dataset,
        feature,
        bin,
        count(*) as customers
    from placed
    group by dataset, feature, bin

),

final as (

    select
        bounded.dataset,
        bounded.feature,
        bounded.bin,
        bounded.lower_bound,
        bounded.upper_bound,
        coalesce(counted.customers, 0) as customers,
        coalesce(counted.customers, 0) / cast(bounded.customers as double) as share_of_customers
    from bounded
    left join counted
        on
            bounded.dataset = counted.dataset
            and bounded.feature = counted.feature
            and bounded.bin = counted.bin

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
