{#
    Whether a customer is on a suppression list that has hashes. `suppressed` is that of suppressed_customers.
    Example: where not {{ is_suppressed('customer_id', suppressed) }}
#}
{% macro is_suppressed(customer_id, suppressed) -%}
    coalesce(sha256('{{ suppressed.salt }}' || {{ customer_id }}) in ({{
        customer_segmentation.quoted_words(suppressed.hashes)
    }}), false)
{%- endmacro %}
