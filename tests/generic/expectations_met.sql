{#
    Fails for every expectation of a severity that was not met, and prints each in words, so that nobody has to look up
    what "got 1 result" means.
    Returns the failed rows of data_quality_results.
#}
{% test expectations_met(model, level) %}
{% set failed %}
    select * from {{ model }} where severity = '{{ level }}' and not coalesce(success, false)
{% endset %}
{% if customer_segmentation.is_built(model) %}
    {% set lines %}
        select
            relation || coalesce('.' || column_name, '') || ': expected ' || expectation || '; found '
            || coalesce(observed_value, 'nothing')
            || coalesce(' of ' || element_count || ' checked', '') || case when is_sample then ' (a sample)' else '' end
            || coalesce(', for example ' || unexpected_examples, '') || '. ' || why
        from ({{ failed }}) as failed
        order by suite, position
    {% endset %}
    {% for line in run_query(lines).rows %}
        {% do log('  ' ~ level ~ ': ' ~ line[0], info=true) %}
    {% endfor %}
{% endif %}
{{ failed }}
{% endtest %}
