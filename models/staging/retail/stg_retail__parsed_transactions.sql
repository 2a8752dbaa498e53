-- One row per row of the retail transactions input, parsed, with the first thing that is wrong with its values.
-- A table of its own: the rows are looked at several times, and keeping them is quicker than reading a file again.
{{ judged_input('retail_transactions') }}
