-- One row per segmentation and persona: all that the persona claims about features, as one text.
select
    segmentation,
    persona,
    {{ dbt.listagg(
        "feature || ' ' || coalesce(level, cast(value as " ~ dbt.type_string() ~ "), '') || ' ' || weight",
        "', '",
        'order by feature'
    ) }} as claims
from {{ ref('persona_traits') }}
group by segmentation, persona
