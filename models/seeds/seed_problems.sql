{%- do customer_segmentation.stop_on_host() -%}
-- One row per contradiction between the judgement seeds, whatever the data; none if all is well.
-- Asked before anything is read: a typing error is reported without waiting for an input.
select * from {{ ref('segmentation_problems') }}
union all
select * from {{ ref('persona_problems') }}
union all
select * from {{ ref('campaign_problems') }}
union all
select * from {{ ref('rfm_problems') }}
