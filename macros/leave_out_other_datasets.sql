{#
    Delete from a freshly loaded seed the rows of datasets that the var `datasets` does not list, so that no later model meets them:
    by the column `dataset`, by the input, by the segmentation, or, of campaigns, where only personas of such datasets use them. A name
    that belongs to no dataset stays, and the checks of the seeds complain about it.
#}
{% macro leave_out_other_datasets(columns) %}
    {% set on, inputs = customer_segmentation.quoted_words(customer_segmentation.names_in_var('datasets')), customer_segmentation.quoted_words(customer_segmentation.dataset_inputs() | map(attribute='input')) %}
    {% set file = customer_segmentation.seed_rows_query('segmentations') %}
    {% set others = "select trim(segmentation) from " ~ file ~ " where trim(dataset) not in (" ~ on ~ ")" %}
    {% set known = "trim(dataset) not in (" ~ on ~ ")" %}
    {% set unwanted = none %}
    {% if 'dataset' in columns %}
        {% set unwanted = known %}
        {% set left_out = run_query("select distinct trim(dataset) from " ~ this ~ " where " ~ known ~ " order by 1").columns[0].values() %}
        {% if left_out and model.name == 'segmentations' %}
            {% do log('  not in the var datasets, so their rows of the seeds are left out: ' ~ left_out | join(', '), info=true) %}
        {% endif %}
    {% elif 'input' in columns %}
        {% set unwanted = "coalesce(trim(input), '') not in ('', " ~ inputs ~ ")" %}
    {% elif 'segmentation' in columns %}
        {% set unwanted = "trim(segmentation) in (" ~ others ~ ")" %}
    {% elif model.name == 'campaigns' %}
        {% set used = "select trim(campaign) from " ~ customer_segmentation.seed_rows_query('persona_campaigns') ~ " where trim(segmentation) " %}
        {% set unwanted = "trim(campaign) in (" ~ used ~ "in (" ~ others ~ ")) and trim(campaign) not in (" ~ used
            ~ "not in (" ~ others ~ "))" %}
    {% endif %}
    {% if unwanted %}{% do run_query("delete from " ~ this ~ " where " ~ unwanted) %}{% endif %}
{% endmacro %}
