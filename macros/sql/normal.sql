{#
    A number that looks as if drawn from a normal distribution with mean 0 and standard deviation 1, but never beyond
    3: the sum of three uniform numbers, whose variance is a twelfth each. Additions only, so no digit depends on the
    engine.
    Example: 45 + 12 * {{ normal(['customer_number'], 'age') }} as age
#}
{% macro normal(keys, name) -%}
    (
        (
            {{ customer_segmentation.uniform(keys, name ~ ' one') }}
            + {{ customer_segmentation.uniform(keys, name ~ ' two') }}
            + {{ customer_segmentation.uniform(keys, name ~ ' three') }}
            - 1.5
        ) * 2
    )
{%- endmacro %}
