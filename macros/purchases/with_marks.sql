{#
    Add to the reading of transactions the yes/no columns that mark an order as not counting, whatever its status:
    deleted, a trial, or authorised and never captured. The status gets `marks`, SQL for the status that such a column
    sets instead. The seed `input_values` defines it;
    `completed` there means that the column changes nothing. Words that the seed does not list change nothing either,
    and are reported.
#}
{% macro with_marks(input, relation, reading) %}
    {% set status, marks = reading | selectattr('column', 'equalto', 'status') | first, [] %}
    {% for entry in reading if entry.kind == 'mark' %}
        {# not a column of the staging model: its meaning goes into the status #}
        {% do entry.update({'is_fallback': true}) %}
        {% if status and entry.found is not none %}
            {% set word = customer_segmentation.plain_word(customer_segmentation.input_text(entry)) %}
            {% set cases, listed = [], [] %}
            {% for written, read_as in entry.choices if written != '*' %}
                {% set words = customer_segmentation.quoted_words(customer_segmentation.plain_words([written])) %}
                {% do listed.append(words) %}
                {% if read_as != 'completed' %}
                    {% do cases.append("when " ~ word ~ " in (" ~ words ~ ") then '" ~ read_as ~ "'") %}
                {% endif %}
            {% endfor %}
            {% set mark = "case " ~ cases | join(' ') ~ " end" if cases
                else "cast(null as " ~ dbt.type_string() ~ ")" %}
            {% do marks.append(mark) %}
            {% for row in run_query(
                "select " ~ mark ~ " as read_as, min(" ~ customer_segmentation.input_text(entry) ~ "), count(*) from "
                ~ relation
                ~ " group by 1 having " ~ mark ~ " is not null order by 1"
            ).rows %}
                {% do entry.notes.append(
                    "'" ~ row[1] ~ "' in " ~ row[2] ~ " rows: " ~ row[0] ~ ', regardless of the status'
                ) %}
            {% endfor %}
            {% set unlisted = run_query(
                "select min(" ~ customer_segmentation.input_text(entry) ~ "), count(*) from " ~ relation ~ " where "
                ~ word ~ " not in ("
                ~ (listed | join(', ') or "''") ~ ")"
            ).rows[0] %}
            {% if unlisted[1] %}
                {% do entry.notes.append(
                    'words that seeds/judgement/input_values.csv does not list change nothing: ' ~ unlisted[1]
                    ~ " rows, such as '" ~ unlisted[0] ~ "'"
                ) %}
            {% endif %}
        {% endif %}
    {% endfor %}
    {% if marks %}{% do status.update({'marks': 'coalesce(' ~ marks | join(', ') ~ ', null)'}) %}{% endif %}
    {{ return(reading) }}
{% endmacro %}
