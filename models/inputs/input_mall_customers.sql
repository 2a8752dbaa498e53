-- One row per row of the Mall Customers input, as it came: the seed, or the file or table that the var names.
{{ read_input('mall_customers', ref('mall_customers')) }}
