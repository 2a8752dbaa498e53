-- One row per customer of <dataset> and category bought up to the as-of date: how purchases spread over categories.
{{ <package>category_mix('<dataset>') }}
