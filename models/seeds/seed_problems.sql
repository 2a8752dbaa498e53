{%- do customer_segmentation.stop_on_host() -%}
-- One row per contradiction between the judgement seeds that does not depend on the data;
-- empty if there is none. It is checked before anything is read, so a typing error is reported without waiting for an
-- input.
select * from {{ ref('segmentation_problems') }}
union all
select * from {{ ref('persona_problems') }}
union all
select * from {{ ref('campaign_problems') }}
union all
select * from {{ ref('rfm_problems') }}
union all
select * from {{ ref('experiment_problems') }}
