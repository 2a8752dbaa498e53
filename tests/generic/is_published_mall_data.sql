{#
    Fails if a table is not the Mall Customers data set as published: 200 rows, the known sums, and a fingerprint of every
    value. One in four public files of that name is something else. Prints what differs.
    Returns each figure that differs, with what was found and what was expected.
#}
{% test is_published_mall_data(model) %}
{# a seed, which an empty build loads as it is #}
{% set differences = mall_data_differences(model.render()) %}
{% if is_built(model) %}
    {% for row in run_query(differences).rows %}
        {% do log(
            '  not the published Mall Customers data: ' ~ row[0] ~ ' found ' ~ row[1] ~ ', expected ' ~ row[2], info=true
        ) %}
    {% endfor %}
{% endif %}
{{ differences }}
{% endtest %}
