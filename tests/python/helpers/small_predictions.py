"""Prediction for invented publications: the nearest centre in the units of the features, with the columns of the real one."""

from customer_segmentation.publication.database import quoted

PREDICT = """
    create macro "predict_{dataset}"({arguments}) as table
    with

    given as (
        select unnest([{items}], recursive := true)
    ),

    judged as (
        select
            prediction_features.segmentation, prediction_features.position, prediction_features.feature,
            try_cast(given.text as double) as value,
            case
                when coalesce(given.text, '') = '' then label || ' is missing'
                when not coalesce(try_cast(given.text as double) between valid_minimum and valid_maximum, false)
                    then label || ': found ''' || given.text || ''''
            end as problem,
            case when try_cast(given.text as double) not between seen_minimum and seen_maximum then label end as outside
        from given
        inner join prediction_features on given.feature = prediction_features.feature
        where prediction_features.dataset = '{dataset}'
    ),

    summarised as (
        select
            segmentation, string_agg(problem, '; ' order by position) as problem,
            string_agg(outside, '; ' order by position) as outside, first(feature order by position) as feature
        from judged
        group by segmentation
    ),

    ranked as (
        select
            judged.segmentation, cluster_id, sqrt(sum((value - centroid) ** 2)) as distance,
            row_number() over (partition by judged.segmentation order by sum((value - centroid) ** 2)) as place
        from judged
        inner join cluster_centroids
            on judged.segmentation = cluster_centroids.segmentation and judged.feature = cluster_centroids.feature
        group by judged.segmentation, cluster_id
    ),

    nearest as (
        select
            summarised.*, own.cluster_id, own.distance, second.cluster_id as runner_up_cluster_id,
            second.distance as runner_up_distance, coalesce(1 - own.distance / nullif(second.distance, 0), 0) as margin
        from summarised
        left join ranked as own
            on summarised.segmentation = own.segmentation and own.place = 1 and summarised.problem is null
        left join ranked as second
            on summarised.segmentation = second.segmentation and second.place = 2 and summarised.problem is null
    )

    select
        nearest.segmentation, 'invented' as model_version, nearest.cluster_id, own.persona, nearest.distance,
        nearest.runner_up_cluster_id, second.persona as runner_up_persona, nearest.runner_up_distance,
        case when problem is null then margin end as margin, case when problem is null then margin < 0.1 end
            as is_borderline,
        case when problem is null then feature end as deciding_feature, null::varchar as second_deciding_feature,
        case when problem is null then outside is not null end as is_outside_seen_range,
        case when problem is null then outside end as outside_reason, campaign, channel, offer, own.stability_grade, problem,
        case when problem is null then margin < 0.1 or outside is not null end as is_undecided
    from nearest
    left join segments as own on nearest.segmentation = own.segmentation and nearest.cluster_id = own.cluster_id
    left join segments as second
        on nearest.segmentation = second.segmentation and nearest.runner_up_cluster_id = second.cluster_id
    left join campaign_recommendations
        on
            nearest.segmentation = campaign_recommendations.segmentation
            and own.persona = campaign_recommendations.persona
            and campaign_recommendations.priority = 1
"""


def create_prediction_macros(database) -> None:
    """Create `predict_<dataset>` for each dataset of an invented publication."""
    features = database.execute(
        "select dataset, list(distinct feature) from prediction_features group by dataset"
    ).fetchall()
    for dataset, names in features:
        arguments = ", ".join(f"{quoted(name)} := null" for name in names)
        items = ", ".join(
            f"{{'feature': '{name.replace(chr(39), chr(39) * 2)}', 'text': cast({quoted(name)} as varchar)}}"
            for name in names
        )
        database.execute(PREDICT.format(dataset=dataset, arguments=arguments, items=items))
