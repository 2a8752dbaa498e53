{#
    Fails for every row that breaks one of the rules, SQL conditions that must be true (unknown counts as broken).
    Several rules share one scan. Returns the rule with the row.
#}
{% test rows_hold(model, rules) %}
{% for rule in rules %}
select '{{ rule | replace("'", "''") }}' as broken_rule, checked.*
from {{ model }} as checked
where not coalesce({{ rule }}, false)
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}
