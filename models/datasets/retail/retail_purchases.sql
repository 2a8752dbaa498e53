-- One row per retail customer with transactions up to the as-of date: recency, frequency and monetary value, net of
-- returns and excluding cancelled orders. A customer with returns only counts as having bought nothing.
{{ purchases('retail') }}
