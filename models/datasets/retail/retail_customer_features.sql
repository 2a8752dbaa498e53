-- One row per retail customer known on the as-of date: demographics and purchase behaviour up to that day.
-- Customers without a purchase keep their row: their frequency and monetary value are 0, and figures that need a
-- purchase are empty.
{{ purchase_features('retail', ['gender', 'age', 'annual_income_k']) }}
