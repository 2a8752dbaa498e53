{#
    Warn about experiments that started without a recorded assignment, and about open ones whose control is too small. A
    post-hook of `experiment_audiences`.
#}
{% macro warn_of_experiments() %}
    {% if not execute or customer_segmentation.only_compiles() or flags.EMPTY %}{{ return('') }}{% endif %}
    {% set rows = run_query(
        "select experiment, status, cast(starts_on as " ~ dbt.type_string() ~ "), customers, minimum_control from "
        ~ this ~ " where step = 'control' and status in ('not assigned', 'control too small') order by experiment"
    ).rows %}
    {% for experiment, status, starts_on, customers, minimum_control in rows %}
        {% set row = "seeds/judgement/experiments.csv, experiment " ~ experiment %}
        {% if status == 'not assigned' %}
            {% do exceptions.warn(
                row ~ ", column starts_on: found " ~ starts_on ~ ", but no earlier build has recorded who gets the "
                ~ "campaign, and customers are never assigned after the start. The experiment has no customers. Give a "
                ~ "start after the day of this build, or delete the row."
            ) %}
        {% else %}
            {% do exceptions.warn(
                row ~ ", column minimum_control: found " ~ customers ~ " customers in the control, expected at least "
                ~ minimum_control ~ ". Customers are assigned all the same, but the effect will hardly be measurable. "
                ~ "Before the start, raise control_share or take in more personas."
            ) %}
        {% endif %}
    {% endfor %}
{% endmacro %}
