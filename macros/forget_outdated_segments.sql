{#
    The SQL that takes those rows out of `customer_segments` whose customer is gone, or would be scored otherwise today:
    other values, another model, other personas. Says before, per segmentation, how many customers there are to score.
    A pre-hook of the model, for incremental runs; the model then scores whoever has no row.
#}
{% macro forget_outdated_segments() %}
    {% set inputs = ref('scoring_inputs') %}
    {% if not execute or not model_is_kept() %}{{ return('') }}{% endif %}
    {% set incremental = is_incremental() %}
    {% if incremental %}
        {% do run_query(customer_changes(inputs, this)) %}
    {% endif %}
    {% set counts %}
        select
            customers.segmentation,
            customers.customers,
            {% for change in ['new', 'changed', 'of another model', 'gone'] %}
            {% if incremental %}
            count(case when changes.change = '{{ change }}' then 1 end)
            {% else %}
            {{ 'customers.customers' if loop.first else 0 }}
            {% endif %}
            {{ ',' if not loop.last }}
            {% endfor %}
        from (select segmentation, count(*) as customers from {{ inputs }} group by segmentation) as customers
        {% if incremental %}
        left join customer_changes as changes
            on customers.segmentation = changes.segmentation
        group by customers.segmentation, customers.customers
        {% endif %}
        order by customers.segmentation
    {% endset %}
    {% for row in run_query(counts).rows %}
        {% do log(
            "customer_segments: " ~ row[0] ~ ": " ~ "{:,}".format(row[2] + row[3] + row[4]) ~ " of " ~ "{:,}".format(row[1])
            ~ " customers to score (" ~ "{:,}".format(row[2]) ~ " new, " ~ "{:,}".format(row[3]) ~ " changed, "
            ~ "{:,}".format(row[4]) ~ " of another model), " ~ "{:,}".format(row[5]) ~ " gone", info=true
        ) %}
    {% endfor %}
    {% if incremental %}
        delete from {{ this }} as scored
        where
            exists (
                select 1
                from customer_changes as changes
                where
                    changes.segmentation = scored.segmentation
                    and changes.customer_id = scored.customer_id
                    and changes.change <> 'new'
            )
    {% endif %}
{% endmacro %}


{#
    The SQL of a temporary table with one row per segmentation and customer whose row in `customer_segments` is missing or
    outdated: `new`, `changed` (other values, other personas), `of another model`, or `gone`.
#}
{% macro customer_changes(inputs, scored) %}
    create or replace temporary table customer_changes as
    select
        coalesce(inputs.segmentation, scored.segmentation) as segmentation,
        coalesce(inputs.customer_id, scored.customer_id) as customer_id,
        case
            when scored.customer_id is null then 'new'
            when inputs.customer_id is null then 'gone'
            when inputs.model_version = scored.model_version then 'changed'
            else 'of another model'
        end as change
    from {{ inputs }} as inputs
    full outer join {{ scored }} as scored
        on inputs.segmentation = scored.segmentation and inputs.customer_id = scored.customer_id
    where inputs.fingerprint is null or scored.fingerprint is null or inputs.fingerprint <> scored.fingerprint
{% endmacro %}
