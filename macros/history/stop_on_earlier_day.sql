{#
    Stop if the history has a later day of a dataset than the one this build describes: what was recorded then would
    have to be forgotten. A post-hook of `build_days`.
#}
{% macro stop_on_earlier_day() %}
    {% if not execute or customer_segmentation.only_compiles() %}{{ return('') }}{% endif %}
    {% set query %}
        select
            days.dataset,
            cast(days.day as {{ dbt.type_string() }}),
            cast(max(files.day) as {{ dbt.type_string() }}),
            days.is_dated
        from {{ this }} as days
        inner join {{ ref('recorded_files').render() }} as files
            on days.dataset = files.dataset
        group by days.dataset, days.day, days.is_dated
        having max(files.day) > days.day
        order by days.dataset
    {% endset %}
    {% for dataset, day, last_recorded_day, is_dated in run_query(query).rows %}
        {% set folder = customer_segmentation.history_folder() %}
        {% do exceptions.raise_compiler_error(
            "This build describes the dataset " ~ dataset ~ " as of " ~ day ~ ", but the history in the folder "
            ~ folder ~ " has it as of " ~ last_recorded_day ~ " already, and days are recorded in order. "
            ~ ("Give data up to that day, or no earlier var as_of_date" if is_dated
                else "Its data have no dates, so the day is the var as_of_date, or today: correct the var or the clock")
            ~ ". To build an earlier day without recording it: dbt build --vars '{history_folder: none}'."
        ) %}
    {% endfor %}
{% endmacro %}
