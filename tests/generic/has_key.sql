{#
    Fails for every combination of the key columns that occurs more than once or holds an empty value.
    Returns the offending keys with their count. Rows are counted by a number made from the key, which takes less time and
    memory than long texts do; then the keys that share a number are compared.
#}
{% test has_key(model, columns) %}
{% set key = columns | join(', ') %}
with

shared_numbers as (

    select {{ customer_segmentation.hash_number(columns) }} as key_number
    from {{ model }}
    group by 1
    having count(*) > 1

)

select
    {{ key }},
    count(*) as occurrences
from {{ model }}
where
    {{ customer_segmentation.hash_number(columns) }} in (select shared_numbers.key_number from shared_numbers)
    {% for column in columns %}
    or {{ column }} is null
    {% endfor %}
group by {{ key }}
having count(*) > 1{% for column in columns %} or {{ column }} is null{% endfor %}
{% endtest %}
