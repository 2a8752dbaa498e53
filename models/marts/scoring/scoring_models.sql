-- One row per segmentation: everything needed to score a customer, as lists, so that a client looks up one row without
-- joins. Lists by feature are in the order of positions, lists by cluster in the order of cluster ids.
with

parameters as (

    -- the features of the widest segmentation of a dataset in their order, then those that only others need
    select
        dataset,
        feature,
        row_number() over (partition by dataset order by min(position - 1000 * width), feature) as parameter_position
    from (
        select
            dataset,
            feature,
            position,
            count(*) over (partition by segmentation) as width
        from {{ ref('prediction_features') }}
    ) as needed
    group by dataset, feature

),

needed as (

    select
        prediction_features.*,
        parameters.parameter_position
    from {{ ref('prediction_features') }} as prediction_features
    inner join parameters
        on prediction_features.dataset = parameters.dataset and prediction_features.feature = parameters.feature

),

features as (

    select
        dataset,
        segmentation,
        {{ ordered_list('parameter_position', 'position') }} as parameter_positions,
        {{ ordered_list('feature', 'position') }} as features,
        {{ ordered_list('label', 'position') }} as labels,
        {{ ordered_list('transform', 'position') }} as transforms,
        {{ ordered_list('valid_minimum', 'position') }} as valid_minima,
        {{ ordered_list('valid_maximum', 'position') }} as valid_maxima,
        {{ ordered_list('seen_minimum', 'position') }} as seen_minima,
        {{ ordered_list('seen_maximum', 'position') }} as seen_maxima
    from needed
    group by dataset, segmentation

),

centroids as (

    select
        segmentation,
        model_version,
        cluster_id,
        {{ ordered_list('scaler_center', 'position') }} as scaler_centers,
        {{ ordered_list('scaler_scale', 'position') }} as scaler_scales,
        {{ ordered_list('scaled_centroid', 'position') }} as scaled_centroid
    from {{ ref('cluster_centroids') }}
    group by segmentation, model_version, cluster_id

),

models as (

    select
        segmentation,
        model_version,
        scaler_centers,
        scaler_scales,
        {{ ordered_list('scaled_centroid', 'cluster_id') }} as centroids
    from centroids
    group by segmentation, model_version, scaler_centers, scaler_scales

),

farthest as (

    select
        segmentation,
        cluster_id,
        max(distance) as farthest_distance
    from {{ ref('customer_segments') }}
    group by segmentation, cluster_id

),

primary_campaigns as (

    {{ primary_campaigns(ref('campaign_recommendations')) }}

),

-- every cluster of the model has its position in the lists, even if it no longer has customers
clusters as (

    select
        personas.segmentation,
        {{ ordered_list('personas.persona', 'personas.cluster_id') }} as personas,
        {{ ordered_list('personas.stability_grade', 'personas.cluster_id') }} as stability_grades,
        {{ ordered_list('coalesce(farthest.farthest_distance, 0)', 'personas.cluster_id') }} as farthest_distances,
        {{ ordered_list('primary_campaigns.campaign', 'personas.cluster_id') }} as campaigns,
        {{ ordered_list('primary_campaigns.channel', 'personas.cluster_id') }} as channels,
        {{ ordered_list('primary_campaigns.offer', 'personas.cluster_id') }} as offers
    from {{ ref('personas') }} as personas
    left join farthest
        on personas.segmentation = farthest.segmentation and personas.cluster_id = farthest.cluster_id
    left join primary_campaigns
        on personas.segmentation = primary_campaigns.segmentation and personas.persona = primary_campaigns.persona
    where personas.cluster_id is not null
    group by personas.segmentation

),

final as (

    select
        models.segmentation,
        features.dataset,
        segmentation_fits.is_default,
        models.model_version,
        features.features,
        features.parameter_positions,
        features.labels,
        features.transforms,
        features.valid_minima,
        features.valid_maxima,
        features.seen_minima,
        features.seen_maxima,
        models.scaler_centers,
        models.scaler_scales,
        models.centroids,
        clusters.farthest_distances,
        clusters.personas,
        clusters.stability_grades,
        clusters.campaigns,
        clusters.channels,
        clusters.offers
    from models
    inner join features
        on models.segmentation = features.segmentation
    inner join clusters
        on models.segmentation = clusters.segmentation
    inner join {{ ref('segmentation_fits') }} as segmentation_fits
        on models.segmentation = segmentation_fits.segmentation

)

select * from final
