{#
    Complete the reading of an input by what its texts show: what a comma in its numbers means and whether the day or the
    month comes first in dates with slashes. One look at all rows; values that stay open stop the build.
#}
{% macro with_notations(input, relation, reading) %}
    {% set comma_patterns = {
        'decimal': '^[-+]?([0-9]*,([0-9]{1,2}|[0-9]{4,})|[0-9]{1,3}([.][0-9]{3})+,[0-9]+)$',
        'thousands': '^[-+]?[0-9]{1,3}(,[0-9]{3}){2,}([.][0-9]+)?$|^[-+]?[0-9]{1,3}(,[0-9]{3})+[.][0-9]+$',
        'open': '^[-+]?[0-9]{1,3},[0-9]{3}$',
        'point': '^[-+]?[0-9]*[.][0-9]+$',
    } %}
    {% set date_patterns = {
        'day_first': '^(1[3-9]|2[0-9]|3[01])/[0-9]{1,2}/[0-9]{4}',
        'month_first': '^[0-9]{1,2}/(1[3-9]|2[0-9]|3[01])/[0-9]{4}',
        'open': '^(0?[1-9]|1[0-2])/(0?[1-9]|1[0-2])/[0-9]{4}',
    } %}
    {% set counts, asked = [], [] %}
    {% for entry in reading if entry.type == 'text' and entry.kind in ('number', 'date') %}
        {% set patterns = comma_patterns if entry.kind == 'number' else date_patterns %}
        {% set text = 'trim(' ~ quoted(entry.found) ~ ')' %}
        {% for name, pattern in patterns.items() %}
            {% do asked.append([entry.column, name]) %}
            {% do counts.append("max(case when " ~ matches(text, pattern) ~ " then " ~ text ~ " end)") %}
        {% endfor %}
    {% endfor %}
    {% if not counts %}{{ return(reading) }}{% endif %}
    {% set examples = {} %}
    {% for value in run_query("select " ~ counts | join(', ') ~ " from " ~ relation).rows[0].values() %}
        {% do examples.setdefault(asked[loop.index0][0], {}).update({asked[loop.index0][1]: value}) %}
    {% endfor %}
    {% for entry in reading if entry.column in examples %}
        {% set seen = examples[entry.column] %}
        {% if entry.kind == 'number' %}
            {# a point shows that commas, if any, stand between thousands; spreadsheets show numbers with a point anyway #}
            {% set is_spreadsheet = input_location(input).is_workbook %}
            {% set thousands = seen.thousands or (seen.open and seen.point and not is_spreadsheet) %}
            {% if (seen.decimal and thousands) or (seen.open and not seen.decimal and not thousands) %}
                {% do stop_on_open_notation(
                    input, entry.found, seen.open or seen.thousands, 'whether its comma stands before decimals or between thousands',
                    'Write numbers with a decimal point and without separators between thousands'
                ) %}
            {% endif %}
            {% do entry.update({
                'comma': 'decimal' if seen.decimal else 'thousands' if thousands else none,
                'points': 'thousands' if seen.decimal and not is_spreadsheet else none,
            }) %}
        {% else %}
            {% if (seen.day_first and seen.month_first) or (seen.open and not seen.day_first and not seen.month_first) %}
                {% do stop_on_open_notation(
                    input, entry.found, seen.open or seen.day_first, 'whether the day or the month comes first',
                    'Write dates as 2024-12-31'
                ) %}
            {% endif %}
            {% do entry.update({'dates': 'day_first' if seen.day_first else 'month_first' if seen.month_first else none}) %}
        {% endif %}
    {% endfor %}
    {{ return(reading) }}
{% endmacro %}
