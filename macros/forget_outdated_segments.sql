{#
    The SQL that takes those rows out of `customer_segments` whose customer is gone, or would be scored otherwise today:
    other values, another model, other personas. Says before, per segmentation, how many customers there are to score.
    A pre-hook of the model; with the var `keep_model` the model then scores whoever has no row.
#}
{% macro forget_outdated_segments() %}
    {% set inputs = ref('scoring_inputs') %}
    {% if not execute or not customer_segmentation.model_is_kept() %}{{ return('') }}{% endif %}
    {% if not is_incremental() %}
        {% do log("customer_segments: every customer is scored", info=true) %}
        {{ return('') }}
    {% endif %}
    {% do run_query(customer_segmentation.customer_changes(inputs, this)) %}
    {% set counts %}
        select
            inputs.segmentation,
            inputs.customers,
            count(case when changes.change = 'new' then 1 end),
            count(case when changes.change = 'changed' then 1 end),
            count(case when changes.change = 'of another model' then 1 end),
            count(case when changes.change = 'gone' then 1 end)
        from (select segmentation, count(*) as customers from {{ inputs }} group by segmentation) as inputs
        left join customer_changes as changes
            on inputs.segmentation = changes.segmentation
        group by inputs.segmentation, inputs.customers
        order by inputs.segmentation
    {% endset %}
    {% for segmentation, customers, new, changed, refitted, gone in run_query(counts).rows %}
        {% do log(
            "customer_segments: " ~ segmentation ~ ": " ~ "{:,} of {:,}".format(new + changed + refitted, customers)
            ~ " customers to score ({:,} new, {:,} changed, {:,} of another model), {:,} gone".format(new, changed, refitted, gone),
            info=true
        ) %}
    {% endfor %}
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
{% endmacro %}
