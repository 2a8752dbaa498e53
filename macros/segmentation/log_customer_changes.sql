{#
    Log per segmentation how many customers are scored for the first time, have other values or another model than in
    the last build, or are gone. A pre-hook of `customer_segments`, which still has the rows of that build. Used only
    where a model is kept: after a new fit of all, all customers have another model.
#}
{% macro log_customer_changes() %}
    {% set inputs, centroids = ref('segmentation_inputs'), ref('cluster_centroids') %}
    {% set decisions = ref('refit_decisions') %}
    {% if not customer_segmentation.is_built(decisions) or not run_query(
        "select 1 from " ~ decisions.render() ~ " where model_version <> coalesce(challenger_version, '')"
    ).rows | length %}{{ return('') }}{% endif %}
    {% set before = load_cached_relation(this) %}
    {% set found = adapter.get_columns_in_relation(before) | map(attribute='name') | list if before else [] %}
    {% if ['segmentation', 'customer_id', 'model_version', 'fingerprint'] | reject('in', found) | list %}
        {% do log("customer_segments: no rows of an earlier build to compare with", info=true) %}
        {{ return('') }}
    {% endif %}
    {% set counts %}
        with

        models as (

            select distinct
                segmentation,
                model_version
            from {{ centroids.render() }}

        ),

        inputs as (

            {% for shape in customer_segmentation.fitted_shapes() %}
            select
                segmentation,
                customer_id,
                {{ customer_segmentation.value_fingerprint(shape.features) }} as fingerprint
            from {{ inputs.render() }}
            where segmentation = '{{ shape.segmentation }}'
            {{ 'union all' if not loop.last }}
            {% endfor %}

        ),

        compared as (

            select
                coalesce(inputs.segmentation, scored.segmentation) as segmentation,
                inputs.customer_id is not null as is_here,
                scored.customer_id is not null as was_here,
                scored.model_version = models.model_version as has_same_model,
                scored.fingerprint = inputs.fingerprint as has_same_values
            from inputs
            full outer join {{ before }} as scored
                on inputs.segmentation = scored.segmentation and inputs.customer_id = scored.customer_id
            left join models
                on inputs.segmentation = models.segmentation

        )

        select
            segmentation,
            count(case when is_here then 1 end) as customers,
            count(case when not was_here then 1 end) as new,
            count(case when has_same_model and not has_same_values then 1 end) as changed,
            count(case when not has_same_model then 1 end) as of_another_model,
            count(case when not is_here then 1 end) as gone
        from compared
        group by segmentation
        order by segmentation
    {% endset %}
    {% for segmentation, customers, new, changed, of_another_model, gone in run_query(counts).rows %}
        {% do log(
            "customer_segments: " ~ segmentation
            ~ ": {:,} customers ({:,} new, {:,} changed, {:,} of another model), {:,} gone".format(
                customers, new, changed, of_another_model, gone
            ),
            info=true
        ) %}
    {% endfor %}
{% endmacro %}
