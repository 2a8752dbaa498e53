{#
    Fails for transactions whose meaning was decided without the certainty that the seeds or the file give, and prints each
    case with its rows and money: unknown status words, several currencies, placeholders, totals that may be
    repeated on every line, prices under the name of an amount, amounts that may be cents, unknown words in a column that says whether
    an order counts.
    Returns one message per case.
#}
{% test money_is_understood(model, account, columns, lines, input) %}
{% set figures %}
    sum(input_rows) || ' rows, total amount ' || cast(cast(sum(amount) as decimal(18, 2)) as {{ dbt.type_string() }})
{% endset %}
{% set cases %}
    select
        'status ''' || status_found || ''' is not in seeds/judgement/input_values.csv and was read as ' || status_read_as
        || ': ' || {{ figures }} || '. Add the word' as message
    from {{ account }}
    where input = '{{ input }}' and not is_known_word
    group by status_found, status_read_as

    union all

    select
        'partially refunded, but the file does not say how much: ' || {{ figures }} || ', counted in full' as message
    from {{ account }}
    where
        input = '{{ input }}' and status_read_as = 'partially_refunded' and counts_as = 'purchase' and refunded_amount = 0
        and not exists (
            select 1 from {{ columns }} as net where net.input = '{{ input }}' and net.note like '%refunds are already subtracted%'
        )
    having count(*) > 0

    union all

    select
        'the customer id is a placeholder, and no other column identifies the customer: ' || {{ figures }} || ', left out' as message
    from {{ account }}
    where input = '{{ input }}' and reason = 'placeholder'
    having count(*) > 0

    union all

    select
        'amounts in ' || coalesce(currency, 'an unknown currency') || ' are left out, because currencies are never added: '
        || {{ figures }} || '. Set the var transaction_currency to the one to count' as message
    from {{ account }}
    where input = '{{ input }}' and reason = 'another currency' and {{ 'false' if customer_segmentation.setting('transaction_currency') else 'true' }}
    group by currency

    union all

    {# lines rarely cost the same in nearly all orders; totals repeated on every line do #}
    select
        'in ' || count(*) filter (where has_equal_amounts) || ' of ' || count(*) || ' orders with several rows all rows have the '
        || 'same amount, and each is counted. If it is the total of the order, keep it on one of its rows' as message
    from {{ lines }}
    where place_in_order = 1
    having count(*) >= 10 and count(*) filter (where has_equal_amounts) >= 0.9 * count(*)

    union all

    select input || ', column ' || column_found || ': ' || note || '. Rename the column to unit_price if so' as message
    from {{ columns }}
    where input = '{{ input }}' and note like '%read as a unit price%'

    union all

    select
        input || ', column ' || column_found || ': ' || note || '. If they do, name the column ''' || column_found
        || ' (cents)'', or add to seeds/judgement/input_notations.csv a row smallest unit,,' || column_found
        || ',yes,, (it needs a column of currencies); if they do not, the same row with no' as message
    from {{ columns }}
    where input = '{{ input }}' and note like '%may count in the smallest unit of a currency%'

    union all

    select input || ', column ' || column_found || ': ' || note || '. Add the words' as message
    from {{ columns }}
    where input = '{{ input }}' and note like '%does not list change nothing%'
{% endset %}
{% set is_there = customer_segmentation.is_built(lines, may_be_empty=true)
    and customer_segmentation.is_built(columns, may_be_empty=true) %}
{% if customer_segmentation.is_built(model) and is_there %}
    {% for line in run_query("select message from (" ~ cases ~ ") as cases order by message").rows %}
        {% do log('  warning: ' ~ line[0] ~ '.', info=true) %}
    {% endfor %}
{% endif %}
{{ cases }}
{% endtest %}
