-- One row per row of the retail transactions input, unchanged: generated, or the file or table that the var names.
{{ read_input('retail_transactions', ref('generated_retail_transactions'), is_synthetic=true) }}
