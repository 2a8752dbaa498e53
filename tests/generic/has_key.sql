{#
    Fails for every combination of the key columns that occurs more than once or holds an empty value.
    Returns the offending keys with their count.
#}
{% test has_key(model, columns) %}
select {{ columns | join(', ') }}, count(*) as occurrences
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1{% for column in columns %} or {{ column }} is null{% endfor %}
{% endtest %}
