"""What sqlfluff sees in place of dbt's graph when it renders a model without a warehouse: no model at all."""

nodes: dict = {}
