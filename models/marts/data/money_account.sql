-- One row per currency, status word, meaning of the word and rejection reason: where the money of the transactions
-- goes. The input amount is the sum of revenue, excluded amounts and amounts of rejected rows, and nothing else.
{% set inputs = dataset_inputs() | selectattr('has_purchases') | list %}
{% set words = listed_words('status') %}
with

judged as (

    {% for input in inputs %}
    select
        '{{ input.dataset }}' as dataset,
        '{{ input.input }}' as input,
        currency,
        status_found,
        status_read_as,
        case
            when reason is not null then 'rejected'
            when status <> 'completed' then 'no revenue'
            when amount > 0 then 'purchase'
            when amount < 0 then 'return'
            else 'no money'
        end as counts_as,
        reason,
        amount,
        case when status = 'completed' then refunded_amount end as refunded_amount
    from {{ ref(input.rows) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ no_rows(
        ['dataset', 'input', 'currency', 'status_found', 'status_read_as', 'counts_as', 'reason'],
        double=['amount', 'refunded_amount']
    ) if not inputs }}

),

counted as (

    select
        dataset,
        input,
        currency,
        status_found,
        status_read_as,
        counts_as,
        reason,
        count(*) as input_rows,
        count(amount) as rows_with_amount,
        coalesce(sum(amount), 0) as amount,
        coalesce(sum(refunded_amount), 0) as refunded_amount
    from judged
    group by dataset, input, currency, status_found, status_read_as, counts_as, reason

),

final as (

    select
        dataset,
        input,
        row_number() over (
            order by
                input asc, currency asc nulls last, counts_as asc, reason asc nulls first, input_rows desc,
                status_found asc nulls first, status_read_as asc
        ) as position,
        currency,
        status_found,
        case
            when status_found is not null
                then {{ plain_word('status_found') }} in ({{ quoted_words(words) or "''" }})
        end as is_known_word,
        status_read_as,
        counts_as,
        reason,
        input_rows,
        input_rows - rows_with_amount as rows_without_amount,
        cast(amount as double) as amount,
        cast(refunded_amount as double) as refunded_amount,
        cast(case when counts_as in ('purchase', 'return') then amount - refunded_amount else 0 end as double)
            as counted_amount
    from counted

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
