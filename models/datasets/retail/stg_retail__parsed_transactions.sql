-- One row per row of the retail transactions input, parsed, with the first thing that is wrong with its values.
{{ parsed_transactions('retail') }}
