{#
    Delete from a freshly loaded seed the rows of datasets that the var `datasets` does not list, so that no later model
    reads them: by the column `dataset`, by the input, by the segmentation, or, for campaigns, if only personas, RFM
    groups and experiments of such datasets use them. A name that belongs to no dataset (one without rows in
    `input_definitions`) is kept, and the checks of the seeds report it.
#}
{% macro leave_out_other_datasets(columns) %}
    {% set on = customer_segmentation.quoted_words(customer_segmentation.names_in_var('datasets')) %}
    {% set inputs = customer_segmentation.quoted_words(
        customer_segmentation.dataset_inputs() | map(attribute='input')
    ) %}
    {% set defined = "(select trim(input) from " ~ customer_segmentation.seed_rows_query('input_definitions') ~ ")" %}
    {% set is_off, is_off_input = "trim(dataset) not in (" ~ on ~ ")", "trim(input) not in (" ~ inputs ~ ")" %}
    {# inside another dbt project our seeds contain the examples, which its input_definitions may lack #}
    {% if not (customer_segmentation.is_guest() and model.package_name == 'customer_segmentation') %}
        {% set is_off = is_off ~ " and trim(dataset) || '_customers' in " ~ defined %}
        {% set is_off_input = is_off_input ~ " and trim(input) in " ~ defined %}
    {% endif %}
    {% set others = "(select trim(segmentation) from " ~ customer_segmentation.seed_rows_query('segmentations')
        ~ " where " ~ is_off ~ ")" %}
    {% set unwanted = none %}
    {% if 'dataset' in columns %}
        {% set unwanted = is_off %}
        {% if model.name == 'segmentations' %}
            {% set off = run_query(
                "select distinct trim(dataset) from " ~ this ~ " where " ~ is_off ~ " order by 1"
            ).columns[0].values() %}
            {% if off %}
                {% do log(
                    '  not in the var datasets, so their rows of the seeds are left out: ' ~ off | join(', '), info=true
                ) %}
            {% endif %}
        {% endif %}
    {% elif 'input' in columns %}
        {% set unwanted = is_off_input %}
    {% elif 'segmentation' in columns %}
        {% set unwanted = "trim(segmentation) in " ~ others %}
        {% if customer_segmentation.is_guest() and model.package_name == 'customer_segmentation' %}
            {# nor does its `segmentations` name those of the examples #}
            {% set unwanted = unwanted ~ " or trim(segmentation) not in (select trim(segmentation) from "
                ~ customer_segmentation.seed_rows_query('segmentations') ~ ")" %}
        {% endif %}
    {% elif model.name == 'campaigns' %}
        {% set uses = "select trim(campaign) as campaign, trim(segmentation) in " ~ others ~ " as is_off from "
            ~ customer_segmentation.seed_rows_query('persona_campaigns')
            ~ " union all select trim(campaign), trim(segmentation) in " ~ others ~ " from "
            ~ customer_segmentation.seed_rows_query('experiments')
            ~ " union all select trim(campaign), " ~ is_off ~ " from "
            ~ customer_segmentation.seed_rows_query('rfm_group_campaigns') %}
        {% set unwanted = "trim(campaign) in (select campaign from (" ~ uses
            ~ ") group by campaign having bool_and(is_off))" %}
    {% endif %}
    {% if unwanted %}{% do run_query("delete from " ~ this ~ " where " ~ unwanted) %}{% endif %}
{% endmacro %}
