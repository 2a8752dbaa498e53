-- One row per retail customer known on the as-of date: who they are and how they bought up to that day.
-- Customers without a purchase keep their row: they bought 0 times for 0, and what only a purchase can tell is empty.
{{ purchase_features('retail', ['gender', 'age', 'annual_income_k']) }}
