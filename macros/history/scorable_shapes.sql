{#
    The shapes, as of fitted_shapes(), of those models of a table that can score today's customers: their features and
    transforms are those of the segmentation. The table has the columns of `fitted_clusters`.
    Example: {% set shapes = scorable_shapes(ref('recorded_models')) %}
#}
{% macro scorable_shapes(models) %}
    {% set wanted, shapes = {}, [] %}
    {% for one in customer_segmentation.segmentation_inputs_wanted() %}
        {% set features = [] %}
        {% for feature in one.features %}{% do features.append(feature.feature ~ ' ' ~ feature.transform) %}{% endfor %}
        {% do wanted.update({one.segmentation: features | join(', ')}) %}
    {% endfor %}
    {% if not customer_segmentation.is_built(models) %}{{ return([]) }}{% endif %}
    {% set query %}
        select
            segmentation,
            dataset,
            max(cluster_id),
            max(position),
            {{ dbt.listagg(
                "case when cluster_id = 1 then feature || ' ' || transform end", "', '", 'order by position'
            ) }}
        from {{ models.render() }}
        group by segmentation, dataset
        order by segmentation
    {% endset %}
    {% for segmentation, dataset, clusters, features, described in run_query(query).rows %}
        {% do shapes.append({
            'segmentation': segmentation, 'dataset': dataset, 'clusters': clusters | int, 'features': features | int
        }) if wanted.get(segmentation) == described %}
    {% endfor %}
    {{ return(shapes) }}
{% endmacro %}
