-- One row per row of the retail transactions input, parsed, with the reason why it cannot be used (null if it can).
-- Rows with the same transaction id are the lines of one order; a line that comes again in every column, also in those
-- that are not used, came twice.
with

judged as (

    {{ judged_input('retail_transactions') | indent(4) }}

),

customers as (

    select customer_id from {{ ref('stg_retail__customers') }}

),

-- Few orders have more than one line in most inputs: only their lines need to be compared and ordered.
orders_with_lines as (

    select
        customer_id,
        transaction_id
    from judged
    where value_problem is null
    group by customer_id, transaction_id
    having count(*) > 1

),

lines as (

    select
        judged.row_number,
        row_number() over (
            partition by judged.customer_id, judged.transaction_id, judged.raw_row
            order by judged.row_number
        ) as occurrence,
        row_number() over (
            partition by judged.customer_id, judged.transaction_id
            order by
                case when judged.status = 'completed' and judged.amount > 0 then 0 else 1 end,
                judged.transaction_date,
                judged.row_number
        ) as place_in_order
    from judged
    inner join orders_with_lines
        on
            judged.customer_id = orders_with_lines.customer_id
            and judged.transaction_id = orders_with_lines.transaction_id
    where judged.value_problem is null

),

explained as (

    select
        judged.*,
        coalesce(lines.place_in_order, 1) = 1 as is_first_of_order,
        coalesce(
            judged.value_problem,
            case
                when customers.customer_id is null then 'unknown customer'
                when lines.occurrence > 1 then 'duplicate row'
            end
        ) as reason
    from judged
    left join customers
        on judged.customer_id = customers.customer_id
    left join lines
        on judged.row_number = lines.row_number

),

final as (

    select
        row_number,
        transaction_id,
        customer_id,
        transaction_date,
        cast(amount as decimal(18, 4)) as amount,
        quantity,
        category,
        channel,
        status,
        reason is null and status = 'completed' and amount > 0 as is_purchase,
        reason is null and status = 'completed' and amount > 0 and is_first_of_order as opens_order,
        case when reason is not null then raw_row end as raw_row,
        case
            when value_problem is not null then problem_column
            when reason = 'unknown customer' then 'customer_id'
            when reason = 'duplicate row' then 'transaction_id'
        end as problem_column,
        reason,
        case
            when value_problem is not null then {{ found_instead('problem_column', 'problem_value') }}
            when reason = 'unknown customer'
                then 'customer_id ''' || customer_id || ''' is not among the usable customers'
            when reason = 'duplicate row'
                then 'transaction_id ''' || transaction_id || ''' comes again with the same values in every column'
        end as explanation
    from explained

)

select * from final
