{#
    Patterns of dates with the name of a month, in lower case: the day before it, the month before the day, or the year
    first. `months` maps the names to their numbers; the longest comes first, so that march is not read as mar.
#}
{% macro named_date_patterns(months) %}
    {% set names = [] %}
    {% for length in range(20, 2, -1) %}
        {% for name in months if name | length == length %}{% do names.append(name) %}{% endfor %}
    {% endfor %}
    {% set month = '(' ~ names | join('|') ~ ')' %}
    {{ return({
        'month': '(^|[^a-zß-ž])' ~ month ~ '([^a-zß-ž]|$)',
        'day_first': '^([a-z]+[.,]* +)?([0-9]{1,2})(st|nd|rd|th|[.])?[-/ .]*' ~ month
        ~ '[.]?[-/ ,.]*([0-9]{4}|[0-9]{2})([^0-9:]|$)',
        'month_first': '^([a-z]+[.,]* +)?' ~ month
        ~ '[.]?[-/ ]*([0-9]{1,2})(st|nd|rd|th)?[-/ ,.]+([0-9]{4}|[0-9]{2})([^0-9:]|$)',
        'year_first': '^([0-9]{4})[-/ .]*' ~ month ~ '[.]?[-/ .]*([0-9]{1,2})([^0-9:]|$)',
    }) }}
{% endmacro %}
