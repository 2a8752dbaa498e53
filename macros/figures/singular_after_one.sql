{#
    A text in which a unit after exactly 1 is in the singular: `1 purchase`, `1 category`, `1 purchase a year`. Units
    are plural words, and English makes most singulars by rule, so seeds/judgement/features.csv needs no column for it.
    An ending that does not decide ("movies" but "categories", "lenses" but "licenses") is changed only in the words
    named here; every other one stays as it is, as do signs (%), codes (CHF), ms, -1 and 1M, which take the plural.
    customer_segmentation.units.singular_after_one writes the same in Python; a test compares them.
    Example: {{ singular_after_one("figure || ' ' || unit") }}
#}
{% macro singular_after_one(text) -%}
{%- set endings = [
    ('((?:[A-Za-z]*(?:it|ar|tr|[ain]c|og|ph|ur|uir)|categor|histor|stor|territor|deliver|quer|batter|galler|grocer'
        ~ '|compan|famil|repl|suppl|stud|part|propert|count|hobb|cop|penn|berr))ies', '\\2y'),
    ('([A-Za-z]*(?:ss|sh|tch|rch|each|eech|oach|inch|unch|ranch|[A-Za-z][aeiou]x))es', '\\2'),
    ('((?:purchas|releas|cas|phas|databas|cours|hous|warehous|licens|respons|expens|dos|premis|franchis|exercis'
        ~ '|enterpris|promis|siz|priz|sho|glov|sleev|wav|driv|archiv)e)s', '\\2'),
    ('([A-Za-z]*[a-gj-nprtuwy]e)s', '\\2'),
    ('([A-Za-z]+[abcdfghklmnoprtwy])s', '\\2'),
] -%}
{%- set written = namespace(sql=text) -%}
{%- for ending, singular in endings -%}
{%- set found = "'(^| )1 " ~ ending ~ "\\b', '\\11 " ~ singular ~ "'" -%}
{%- set written.sql = 'regexp_replace(' ~ written.sql ~ ', ' ~ found ~ ')' -%}
{%- endfor -%}
{%- set already = '(^| )1 (lens|gas|bias|alias|atlas|canvas|chaos|sms|news|goods|means)($|[^A-Za-z])' -%}
case
    when {{ customer_segmentation.matches(text, already) }} then {{ text }}
    else {{ written.sql }}
end
{%- endmacro %}
