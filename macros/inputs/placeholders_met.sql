{#
    The words of the seed `placeholder_ids` that are placeholders in an id column, with their numbers of rows: {word:
    rows}. A word such as "guest" is never a customer. A number such as 0 may be one, so it counts as a placeholder only
    if it has more rows than any other id and `placeholder_rows` (a var) times the average of the others; or if its rows
    have three or more e-mail addresses, which one customer rarely has.
#}
{% macro placeholders_met(relation, entry, placeholders) %}
    {% set words = {} %}
    {% for row in run_query("select lower(trim(written)), is_always_one from " ~ placeholders ~ " order by 1").rows %}
        {% if entry.type == 'text' or not row[1] %}{% do words.update({row[0]: row[1]}) %}{% endif %}
    {% endfor %}
    {% if not words %}{{ return({}) }}{% endif %}
    {% set id = 'lower(' ~ customer_segmentation.plain_id(entry) ~ ')' %}
    {% set listed = '(' ~ customer_segmentation.quoted_words(words) ~ ')' %}
    {% set met = run_query(
        "select " ~ id ~ ", count(*), "
        ~ ("count(distinct lower(" ~ customer_segmentation.plain_id(entry.others[0]) ~ "))" if entry.others else "0")
        ~ " from " ~ relation ~ " where " ~ id ~ " in " ~ listed ~ " group by 1 order by 1"
    ).rows %}
    {% if not met %}{{ return({}) }}{% endif %}
    {% set others = run_query(
        "select coalesce(avg(id_rows), 0), coalesce(max(id_rows), 0) from (select " ~ id
        ~ " as id, count(*) as id_rows from "
        ~ relation ~ " where " ~ id ~ " not in " ~ listed ~ " group by 1) as ids"
    ).rows[0] %}
    {% set found = {} %}
    {% for row in met %}
        {% if words[row[0]] or row[2] >= 3 or (
            row[1] > others[1] and row[1] >= (others[0] | float) * customer_segmentation.setting('placeholder_rows')
            and others[1]
        ) %}
            {% do found.update({row[0]: row[1]}) %}
        {% endif %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}
