-- One row per row of the retail transactions input, parsed, with the first thing that is wrong with its values.
-- The rows are looked at several times: those of a text or of a generator are kept, which is quicker than parsing or drawing
-- them again; those of a Parquet file have their types already and are quicker read again than written.
{{ config(materialized='table' if input_location('retail_transactions').kind == 'default' else input_materialization('retail_transactions')) }}
{{ judged_input('retail_transactions') }}
