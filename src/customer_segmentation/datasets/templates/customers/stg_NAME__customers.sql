-- One row per usable customer of <dataset>, names, types and units conformed.
{{ <package>usable_rows('<dataset>_customers', <columns>) }}
