{# The most experiments of one dataset that have not started on the day of this build; 1 if there is none. #}
{% macro planned_turns() %}
    {% set days = ref('build_days') %}
    {% set experiments, segmentations = ref('experiments').render(), ref('segmentations').render() %}
    {% if not customer_segmentation.is_built(days) %}{{ return(1) }}{% endif %}
    {% set query %}
        select max(experiments)
        from (
            select count(*) as experiments
            from {{ experiments }} as experiments
            inner join {{ segmentations }} as segmentations on experiments.segmentation = segmentations.segmentation
            inner join {{ days.render() }} as days on segmentations.dataset = days.dataset
            where days.day < experiments.starts_on
            group by segmentations.dataset
        ) as planned
    {% endset %}
    {{ return((run_query(query).rows[0][0] or 1) | int) }}
{% endmacro %}
