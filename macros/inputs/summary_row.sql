{#
    SQL on the rows of an input that finds summary rows, such as "Total" and "Average" at the end of a sheet: {column,
    text}; none if the input has no such row. The words are in the seed `input_notations`. A word is searched for
    - in id columns, if the word is the whole value;
    - in any text column, if the row has no id;
    - in the first column, if each word occurs once and in the last rows: a name or a category may be the same word.
#}
{% macro summary_row(input, reading) %}
    {% set relation, last_rows = ref('input_' ~ input), 10 %}
    {% set words = [] %}
    {% for word in customer_segmentation.notation_words('summary') %}
        {% do words.append("'" ~ word.written | lower | replace("'", "''") ~ "'") %}
    {% endfor %}
    {% set texts = [] %}
    {% for column in customer_segmentation.columns_of_input(relation)
        if customer_segmentation.column_kind(column) == 'text' %}
        {% do texts.append(column.name) %}
    {% endfor %}
    {% set ids = reading | selectattr('kind', 'equalto', 'id') | rejectattr('found', 'none') | list %}
    {% set names = {} %}
    {% for entry in reading if entry.found is not none %}{% do names.update({entry.found: entry.column}) %}{% endfor %}
    {% if not texts or not words %}{{ return(none) }}{% endif %}

    {% set is_word = [] %}
    {% for name in texts %}
        {% do is_word.append(
            "rtrim(lower(trim(" ~ customer_segmentation.quoted(name) ~ ")), ' :.=') in (" ~ words | join(', ') ~ ")"
        ) %}
    {% endfor %}
    {# a total with its word in another column has an empty customer id, or else an empty first column #}
    {% set key = (ids | selectattr('column', 'equalto', 'customer_id') | map(attribute='found') | first)
        or (ids | map(attribute='found') | first) or texts[0] %}
    {% set has_no_key = "coalesce(trim(cast(" ~ customer_segmentation.quoted(key) ~ " as " ~ dbt.type_string()
        ~ ")), '') = ''" %}
    {% set conditions, questions = [], [] %}
    {% for name in texts %}
        {% set word = is_word[loop.index0] %}
        {% if name in ids | map(attribute='found') %}
            {% do conditions.append([name, word]) %}
            {% do questions.append("max(case when " ~ word ~ " then 1 else 0 end)") %}
        {% elif loop.first %}
            {% do conditions.append([name, word]) %}
            {% do questions.append(
                "case when count(case when " ~ word ~ " then 1 end) > 0 and count(case when " ~ word
                ~ " then 1 end) = count(distinct case when "
                ~ word ~ " then rtrim(lower(trim(" ~ customer_segmentation.quoted(name)
                ~ ")), ' :.=') end) and min(case when " ~ word
                ~ " then input_row_number end) > max(input_row_number) - " ~ last_rows ~ " then 1 else 0 end"
            ) %}
        {% endif %}
        {% if name != key %}
            {% do conditions.append([name, has_no_key ~ " and " ~ word]) %}
            {# a word is searched for only if there is no key #}
            {% do questions.append(
                "max(case when " ~ has_no_key ~ " then case when " ~ word ~ " then 1 else 0 end else 0 end)"
            ) %}
        {% endif %}
    {% endfor %}
    {% if not questions %}{{ return(none) }}{% endif %}
    {% set found = run_query("select " ~ questions | join(', ') ~ " from " ~ relation).rows[0].values() %}
    {% set columns, values = [], [] %}
    {% for name, condition in conditions %}
        {% if found[loop.index0] %}
        {% do columns.append("when " ~ condition ~ " then '" ~ names.get(name, name) | replace("'", "''") ~ "'") %}
        {% do values.append("when " ~ condition ~ " then trim(" ~ customer_segmentation.quoted(name) ~ ")") %}
        {% endif %}
    {% endfor %}
    {{ return(
        {'column': 'case ' ~ columns | join(' ') ~ ' end', 'text': 'case ' ~ values | join(' ') ~ ' end'} if columns
        else none
    ) }}
{% endmacro %}
