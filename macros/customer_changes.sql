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
