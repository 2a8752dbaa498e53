{#
    The tables of which the durable history keeps the rows of every day. Each has the columns `dataset` and `day` and is
    empty for a dataset of which there is nothing new.
#}
{% macro recorded_tables() %}
    {{ return([
        'segment_events', 'segment_states', 'segment_successions', 'model_clusters', 'fit_bins',
        'experiment_enrolments',
    ]) }}
{% endmacro %}
