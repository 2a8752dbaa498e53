{#
    Add to the reading of an input what its values show: how its numbers are written, what comes first in its dates, and
    which of its words are not listed. One pass over all rows, and further passes only for columns with unusual values;
    ambiguous values stop the build. `units` is what header_units returned.
#}
{% macro with_notations(input, relation, reading, units) %}
    {% set words = customer_segmentation.notation_words() %}
    {% set patterns = customer_segmentation.date_patterns() %}
    {% set asked, questions = [], [] %}
    {% for entry in reading if entry.found is not none %}
        {% set text = 'trim(' ~ customer_segmentation.quoted(entry.found) ~ ')' %}
        {% set asks = {} %}
        {% if entry.kind == 'number' and entry.type == 'text' %}
            {% do asks.update(customer_segmentation.notation('number_questions', {'text': text})) %}
        {% elif entry.kind == 'date' and entry.type == 'text' %}
            {% for name, pattern in patterns.items() %}
                {% do asks.update({
                    name: "max(case when " ~ customer_segmentation.matches(text, pattern) ~ " then " ~ text ~ " end)"
                }) %}
            {% endfor %}
        {% elif entry.kind == 'choice' and ['*', 'unknown'] in entry.choices
            and not customer_segmentation.is_synthetic(input) %}
            {% set listed = [] %}
            {% for written, read_as in entry.choices %}
                {% do listed.append("'" ~ written | replace("'", "''") ~ "'") %}
            {% endfor %}
            {% set unlisted = "case when lower(" ~ customer_segmentation.input_text(entry) ~ ") not in ("
                ~ listed | join(', ') ~ ") then "
                ~ customer_segmentation.input_text(entry) ~ " end" %}
            {% do asks.update({
                'unlisted': 'count(' ~ unlisted ~ ')', 'first': 'min(' ~ unlisted ~ ')', 'last': 'max(' ~ unlisted ~ ')'
            }) %}
        {% endif %}
        {% for name, question in asks.items() %}
            {% do asked.append([entry.column, name]) %}
            {% do questions.append(question) %}
        {% endfor %}
    {% endfor %}
    {% set examples = {} %}
    {% if questions %}
        {% for value in run_query("select " ~ questions | join(', ') ~ " from " ~ relation).rows[0].values() %}
            {% do examples.setdefault(asked[loop.index0][0], {}).update({asked[loop.index0][1]: value}) %}
        {% endfor %}
    {% endif %}
    {% for entry in reading if entry.found is not none %}
        {% set seen = examples.get(entry.column, {}) %}
        {% if entry.kind == 'number' %}
            {% do customer_segmentation.number_notation(input, relation, entry, seen, words, units.get(entry.found)) %}
        {% elif entry.kind == 'date' and seen %}
            {% do customer_segmentation.date_notation(input, relation, entry, seen, words) %}
        {% elif seen.unlisted %}
            {% do entry.notes.append(
                "{:,}".format(seen.unlisted | int) ~ (" value, " if seen.unlisted == 1 else " values, such as ")
                ~ seen.first
                ~ (" and " ~ seen.last if seen.last != seen.first else "") ~ (", is" if seen.unlisted == 1 else ", are")
                ~ " not listed in seeds/judgement/input_values.csv: unknown"
            ) %}
        {% endif %}
    {% endfor %}
    {{ return(reading) }}
{% endmacro %}
