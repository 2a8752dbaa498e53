-- One row per segmentation whose fit in this build is a new model: ids of what the seeds asked for and of the data.
{% set decisions, inputs = ref('refit_decisions'), ref('segmentation_inputs') %}
{% set shapes = scorable_shapes(ref('challengers')) %}
{% if is_built(decisions) %}
    {% set query %}
        select segmentation
        from {{ decisions.render() }}
        where challenger_version <> coalesce(champion_version, '')
    {% endset %}
    {% set names = run_query(query).columns[0].values() | list %}
    {% set shapes = shapes | selectattr('segmentation', 'in', names) | list %}
{% endif %}
with

features as (

    select
        segmentation,
        {{ dbt.listagg(
            "concat_ws(' ', feature, transform, cast(weight as varchar))", "', '", 'order by position'
        ) }} as features
    from {{ ref('segmentation_features') }}
    group by segmentation

),

claims as (

    select
        segmentation,
        {{ dbt.listagg("persona || ' ' || claims", "', '", 'order by persona') }} as claims
    from {{ ref('persona_claims') }}
    group by segmentation

),

-- what the seeds asked for: the personas matter where the fit starts at them
asked as (

    select
        choices.segmentation,
        md5(
            concat_ws(
                ', ', choices.scaling, choices.initialisation, cast(choices.k as varchar), features.features,
                case when choices.initialisation = 'personas' then claims.claims end
            )
        ) as seeds_fingerprint
    from {{ ref('k_choices') }} as choices
    inner join features
        on choices.segmentation = features.segmentation
    left join claims
        on choices.segmentation = claims.segmentation

),

-- the order of the customers does not matter
given as (

    {% for shape in shapes %}
    {% set values = [] %}
    {% for position in range(1, shape.features + 1) %}{% do values.append('value_' ~ position) %}{% endfor %}
    select
        '{{ shape.segmentation }}' as segmentation,
        md5(cast(sum(md5_number_lower(concat_ws(' ', customer_id, {{ values | join(', ') }}))) as varchar))
            as data_fingerprint
    from {{ inputs }}
    where segmentation = '{{ shape.segmentation }}'
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ no_rows(['segmentation', 'data_fingerprint']) if not shapes }}

),

final as (

    select
        decisions.segmentation,
        decisions.challenger_version as model_version,
        asked.seeds_fingerprint,
        given.data_fingerprint
    from {{ decisions }} as decisions
    inner join asked
        on decisions.segmentation = asked.segmentation
    inner join given
        on decisions.segmentation = given.segmentation

)

select * from final
