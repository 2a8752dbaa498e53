-- One row per row of the retail transactions input, as it came: generated, or the file or table that the var names.
{{ config(materialized=input_materialization('retail_transactions')) }}
{% do stop_on_half_given_retail() %}
{{ read_input('retail_transactions', ref('generated_retail_transactions')) }}
