{#
    Fails if a table of differences has rows, and prints each of them: its columns are figure, found and expected.
    Returns the differences.
#}
{% test nothing_differs(model) %}
{% if customer_segmentation.is_built(model) %}
    {% for row in run_query("select figure, found, expected from " ~ model).rows %}
        {% do log('  ' ~ model.identifier ~ ': ' ~ row[0] ~ ' found ' ~ row[1] ~ ', expected ' ~ row[2], info=true) %}
    {% endfor %}
{% endif %}
select * from {{ model }}
{% endtest %}
