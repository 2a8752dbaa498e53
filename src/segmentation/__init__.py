"""Customer segmentation as pure functions: scaling, K-Means, persona matching and quality suites.

Nothing here imports dbt or opens a database; the dbt Python models hand over frames and write what comes back.
"""
