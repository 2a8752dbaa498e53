-- One row per retail customer and category bought up to the as-of date: how purchases spread over categories.
{{ category_mix('retail') }}
