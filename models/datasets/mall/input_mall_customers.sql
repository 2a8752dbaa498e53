-- One row per row of the Mall Customers input, unchanged: the seed, or the file or table that the var names.
-- The fingerprint is that of the published data.
{{ read_input('mall_customers', ref('mall_customers'), fingerprint='55286a2ac3a988c18dd39348ff073592') }}
