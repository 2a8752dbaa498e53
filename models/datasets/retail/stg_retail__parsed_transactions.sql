-- One row per row of the retail transactions input, parsed, with the first problem of its values.
{{ parsed_transactions('retail') }}
