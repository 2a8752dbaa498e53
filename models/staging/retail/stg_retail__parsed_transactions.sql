-- One row per row of the retail transactions input, parsed, with the first thing that is wrong with its values.
-- They are looked at several times. Texts and drawn rows are kept, which is quicker than parsing or drawing them again;
-- the values of a Parquet file have types and are quicker read again than written.
{% set input = 'retail_transactions' %}
{{ config(materialized='table' if input_location(input).kind == 'default' else input_materialization(input)) }}
{{ judged_input(input) }}
