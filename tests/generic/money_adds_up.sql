{#
    Fails if the money of the transactions of an input is not exactly the money used plus the money of rejected rows, in the account
    of the money too, or if what counts of it is not what the features are made of. The model holds the usable transactions.
    Returns the sums.
#}
{% test money_adds_up(model, rows_in, rejected, account, input) %}
with sums as (

    select
        (select cast(coalesce(sum(amount), 0) as double) from {{ rows_in }}) as money_in,
        (select cast(coalesce(sum(amount), 0) as double) from {{ model }}) as money_used,
        (select coalesce(sum(amount), 0) from {{ rejected }} where input = '{{ input }}') as money_rejected,
        (select coalesce(sum(amount), 0) from {{ account }} where input = '{{ input }}') as money_accounted,
        (select coalesce(sum(counted_amount), 0) from {{ account }} where input = '{{ input }}') as money_counted,
        (
            select cast(coalesce(sum(amount), 0) - coalesce(sum(refunded_amount), 0) as double)
            from {{ model }}
            where status = 'completed'
        ) as revenue

)

select * from sums
where
    abs(money_in - money_used - money_rejected) > 0.005
    or abs(money_in - money_accounted) > 0.005
    or abs(money_counted - revenue) > 0.005
{% endtest %}
