{#
    Warn about started experiments whose outcome has no row in the input of campaign outcomes. A post-hook of
    `campaign_aggregates`.
#}
{% macro warn_of_outcomes() %}
    {% set days = ref('build_days') %}
    {% if not execute or customer_segmentation.only_compiles() or flags.EMPTY %}{{ return('') }}{% endif %}
    {% set rows = run_query(
        "select distinct effects.experiment, effects.dataset, effects.metric, cast(effects.starts_on as "
        ~ dbt.type_string() ~ ") from " ~ this ~ " as effects inner join " ~ days
        ~ " as days on effects.dataset = days.dataset where effects.is_outcome and effects.results_until is null"
        ~ " and effects.starts_on <= days.day and effects.metric not in ("
        ~ customer_segmentation.quoted_words(customer_segmentation.purchase_metrics()) ~ ") order by 1"
    ).rows %}
    {% for experiment, dataset, metric, starts_on in rows %}
        {% do exceptions.warn(
            "seeds/judgement/experiments.csv, experiment " ~ experiment ~ ", column outcome: found '" ~ metric
            ~ "', but no usable row of the input " ~ dataset ~ "_campaign_outcomes since the start on " ~ starts_on
            ~ " has this outcome. Its effect is unknown. Write the name in the column outcome of the input as it is "
            ~ "here; rows with another name are in rejected_rows, with the reason 'unknown outcome'."
        ) %}
    {% endfor %}
{% endmacro %}
