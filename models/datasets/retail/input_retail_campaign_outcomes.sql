-- One row per row of the input of what customers bought while campaigns ran, unchanged: generated, or the file or table
-- that the var names.
{{ read_input('retail_campaign_outcomes', ref('generated_retail_campaign_outcomes'), is_synthetic=true) }}
