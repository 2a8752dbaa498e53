-- One row per usable customer of <dataset>, with conformed names, types and units.
{{ <package>usable_rows('<dataset>_customers', <columns>) }}
