{#
    The body of the table macro that scores one customer of a dataset in each of its segmentations, or each row of a
    table by `lateral`. `parameters` are the features that a caller passes; `width` is the number of features of the
    widest segmentation. Everything else is in the table `scoring_models`, one row per segmentation, so that a client
    needs no joins and little planning. Distances are written out feature by feature, as in nearest_clusters: summed in
    the same order, they give the same label on every row. Columns are qualified everywhere: an unqualified name could
    be mistaken for a parameter.
    Example: create macro predict_shop(age := null) as table {{ scoring_query('shop', ['age'], 1) }}
#}
{% macro scoring_query(dataset, parameters, width) %}
{%- set positions = range(1, width + 1) %}
with given as (
    select
        models.*,
        {%- for parameter in parameters %}
        customer.given_{{ loop.index }},
        {%- endfor %}
        [
            {%- for position in positions %}
            customer.numbers[models.parameter_positions[{{ position }}]]{{ ',' if not loop.last }}
            {%- endfor %}
        ] as numbers
    from scoring_models as models
    cross join (
        select
            {%- for parameter in parameters %}
            {{ parameter }} as given_{{ loop.index }},
            {%- endfor %}
            [{% for parameter in parameters -%}
                try_cast({{ parameter }} as double){{ ', ' if not loop.last }}
            {%- endfor %}] as numbers
    ) as customer
    where models.dataset = '{{ dataset }}'
),
scaled as (
    select
        customer.*,
        case when
            {%- for position in positions %}
            {{ 'and ' if not loop.first }}(
                len(customer.features) < {{ position }}
                or customer.numbers[{{ position }}]
                between customer.valid_minima[{{ position }}] and customer.valid_maxima[{{ position }}]
            )
            {%- endfor %}
        then [
            {%- for position in positions %}
            (
                {{ customer_segmentation.transformed_by(
                    'customer.numbers[' ~ position ~ ']', 'customer.transforms[' ~ position ~ ']'
                ) }}
                - customer.scaler_centers[{{ position }}]
            ) / customer.scaler_scales[{{ position }}]{{ ',' if not loop.last }}
            {%- endfor %}
        ] end as scaled
    from given as customer
),
measured as (
    select
        customer.*,
        list_transform(
            customer.centroids,
            {#- a segmentation with fewer features than the widest adds nothing for those it does not have #}
            lambda centroid:
            {%- for position in positions %}
            {%- set difference = '(customer.scaled[' ~ position ~ '] - centroid[' ~ position ~ '])' %}
            {%- if loop.first %}
            {{ difference }} * {{ difference }}
            {%- else %}
            + coalesce({{ difference }} * {{ difference }}, 0)
            {%- endif %}
            {%- endfor %}
        ) as squared
    from scaled as customer
),
assigned as (
    select
        customer.*,
        case
            when customer.scaled is not null then list_position(customer.squared, list_min(customer.squared))
        end as cluster_id
    from measured as customer
),
compared as (
    select
        customer.*,
        list_transform(
            customer.squared, lambda square, cluster: case when cluster <> customer.cluster_id then square end
        ) as other_squared
    from assigned as customer
),
placed as (
    select
        customer.*,
        case when customer.scaled is not null
            then list_position(customer.other_squared, list_min(customer.other_squared)) end as runner_up_cluster_id
    from compared as customer
),
explained as (
    select
        customer.*,
        [
            {%- for position in positions %}
            {%- set other = '(customer.scaled[' ~ position ~ '] - customer.centroids[customer.runner_up_cluster_id]['
                ~ position ~ '])' %}
            {%- set own = '(customer.scaled[' ~ position ~ '] - customer.centroids[customer.cluster_id][' ~ position
                ~ '])' %}
            {{ other }} * {{ other }} - {{ own }} * {{ own }}{{ ',' if not loop.last }}
            {%- endfor %}
        ] as contributions
    from placed as customer
),
decided as (
    select
        customer.*,
        case when customer.scaled is not null
            then list_position(customer.contributions, list_max(customer.contributions)) end as deciding_position
    from explained as customer
),
ranked as (
    select
        customer.*,
        {#- a feature that favours the other cluster did not decide for this one #}
        [
            {%- for position in positions %}
            case when customer.deciding_position <> {{ position }} and customer.contributions[{{ position }}] > 0
                then customer.contributions[{{ position }}] end{{ ',' if not loop.last }}
            {%- endfor %}
        ] as other_contributions
    from decided as customer
),
scored as (
    select
        customer.*,
        sqrt(customer.squared[customer.cluster_id]) as distance,
        sqrt(customer.squared[customer.runner_up_cluster_id]) as runner_up_distance,
        case
            when customer.scaled is null then null
            when
                {%- for position in positions %}
                {{ 'or ' if not loop.first }}customer.numbers[{{ position }}] not between
                    customer.seen_minima[{{ position }}] and customer.seen_maxima[{{ position }}]
                {%- endfor %}
                then array_to_string(list_transform(
                    customer.features,
                    lambda feature, position:
                    case when customer.numbers[position]
                        not between customer.seen_minima[position] and customer.seen_maxima[position]
                        then format(
                            '{} of {:.12g}, seen {:.12g} to {:.12g}', customer.labels[position],
                            customer.numbers[position], customer.seen_minima[position], customer.seen_maxima[position]
                        )
                    end
                ), '; ')
            when sqrt(customer.squared[customer.cluster_id]) > customer.farthest_distances[customer.cluster_id]
                then 'farther from the centre of the segment than any of its customers'
        end as outside_reason,
        case when customer.scaled is null then array_to_string(list_transform(
            customer.features,
            lambda feature, position:
            case
                when customer.numbers[position]
                    between customer.valid_minima[position] and customer.valid_maxima[position] then null
                when isfinite(customer.numbers[position])
                    then format(
                        '{} of {:.12g} is not possible, expected {:.12g} to {:.12g}', customer.labels[position],
                        customer.numbers[position], customer.valid_minima[position], customer.valid_maxima[position]
                    )
                else customer.labels[position] || coalesce(
                    ' is not a number: ' || [
                        {%- for parameter in parameters %}
                        cast(customer.given_{{ loop.index }} as varchar){{ ',' if not loop.last }}
                        {%- endfor %}
                    ][customer.parameter_positions[position]],
                    ' is missing'
                )
            end
        ), '; ') end as problem
    from ranked as customer
)
select
    customer.segmentation,
    customer.model_version,
    cast(customer.cluster_id as integer) as cluster_id,
    customer.personas[customer.cluster_id] as persona,
    customer.distance,
    cast(customer.runner_up_cluster_id as integer) as runner_up_cluster_id,
    customer.personas[customer.runner_up_cluster_id] as runner_up_persona,
    customer.runner_up_distance,
    case when customer.scaled is not null
        then coalesce(1 - customer.distance / nullif(customer.runner_up_distance, 0), 0) end as margin,
    case when customer.scaled is not null
        then
            coalesce(1 - customer.distance / nullif(customer.runner_up_distance, 0), 0) < {{ var('borderline_margin') }}
    end as is_borderline,
    customer.features[customer.deciding_position] as deciding_feature,
    case when list_max(customer.other_contributions) is not null
        then customer.features[list_position(customer.other_contributions, list_max(customer.other_contributions))]
    end as second_deciding_feature,
    case when customer.scaled is not null then customer.outside_reason is not null end as is_outside_seen_range,
    customer.outside_reason,
    customer.campaigns[customer.cluster_id] as campaign,
    customer.channels[customer.cluster_id] as channel,
    customer.offers[customer.cluster_id] as offer,
    customer.stability_grades[customer.cluster_id] as stability_grade,
    {#-
        nearly as close to another segment, or unlike all customers of the fit: neither the segment nor its offer is
        justified
    #}
    case when customer.scaled is not null
        then
            coalesce(1 - customer.distance / nullif(customer.runner_up_distance, 0), 0) < {{ var('borderline_margin') }}
            or customer.outside_reason is not null end as is_undecided,
    customer.problem
from scored as customer
{% endmacro %}
