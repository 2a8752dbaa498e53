-- One row per row of the input of campaign outcomes, parsed, with the reason if it cannot be used (otherwise null).
{{ campaign_outcome_rows('retail') }}
