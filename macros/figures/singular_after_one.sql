{#
    A text in which a unit after exactly 1 is in the singular: `1 purchase`, `1 category`, `1 purchase a year`. Units
    are plural words, and English makes nearly every singular by rule, so seeds/judgement/features.csv needs no column
    for it. Signs (%), codes (CHF), ms and words without a plural s (status) stay as they are; so do -1 and 1M, which
    take the plural. customer_segmentation.units.singular_after_one writes the same in Python; a test compares them.
    Example: {{ singular_after_one("figure || ' ' || unit") }}
#}
{% macro singular_after_one(text) -%}
{%- set endings = [
    ('([A-Za-z]+)ies', '\\2y'),
    ('([A-Za-z]+(?:ss|x|ch|sh))es', '\\2'),
    ('([A-Za-z]+[a-hj-rtv-z])s', '\\2'),
] -%}
{%- set written = namespace(sql=text) -%}
{%- for ending, singular in endings -%}
{%- set found = "'(^| )1 " ~ ending ~ "\\b', '\\11 " ~ singular ~ "'" -%}
{%- set written.sql = 'regexp_replace(' ~ written.sql ~ ', ' ~ found ~ ')' -%}
{%- endfor -%}
{{ written.sql }}
{%- endmacro %}
