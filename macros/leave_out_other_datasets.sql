{#
    Delete from a freshly loaded seed the rows of datasets that the var `datasets` does not list, so that no later model meets them:
    by the column `dataset`, by the input, by the segmentation, or, of campaigns, where only personas of such datasets use them. A name
    that belongs to no dataset, one without rows in `input_definitions`, stays, and the checks of the seeds complain about it.
#}
{% macro leave_out_other_datasets(columns) %}
    {% set on, inputs = quoted_words(names_in_var('datasets')), quoted_words(dataset_inputs() | map(attribute='input')) %}
    {% set defined = "(select trim(input) from " ~ seed_rows_query('input_definitions') ~ ")" %}
    {% set is_off = "trim(dataset) not in (" ~ on ~ ") and trim(dataset) || '_customers' in " ~ defined %}
    {% set others = "(select trim(segmentation) from " ~ seed_rows_query('segmentations') ~ " where " ~ is_off ~ ")" %}
    {% set unwanted = none %}
    {% if 'dataset' in columns %}
        {% set unwanted = is_off %}
        {% if model.name == 'segmentations' %}
            {% set off = run_query("select distinct trim(dataset) from " ~ this ~ " where " ~ is_off ~ " order by 1").columns[0].values() %}
            {% if off %}
                {% do log('  not in the var datasets, so their rows of the seeds are left out: ' ~ off | join(', '), info=true) %}
            {% endif %}
        {% endif %}
    {% elif 'input' in columns %}
        {% set unwanted = "trim(input) not in (" ~ inputs ~ ") and trim(input) in " ~ defined %}
    {% elif 'segmentation' in columns %}
        {% set unwanted = "trim(segmentation) in " ~ others %}
    {% elif model.name == 'campaigns' %}
        {% set used = "(select trim(campaign) from " ~ seed_rows_query('persona_campaigns') ~ " where trim(segmentation) " %}
        {% set unwanted = "trim(campaign) in " ~ used ~ "in " ~ others ~ ") and trim(campaign) not in " ~ used ~ "not in " ~ others ~ ")" %}
    {% endif %}
    {% if unwanted %}{% do run_query("delete from " ~ this ~ " where " ~ unwanted) %}{% endif %}
{% endmacro %}
