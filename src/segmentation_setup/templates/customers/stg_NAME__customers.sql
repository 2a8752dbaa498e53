-- One row per usable customer of <dataset>, names, types and units conformed.
{{ usable_rows('<dataset>_customers', <columns>) }}
