{#
    The patterns used to examine the dates of a column: which values show that the day or the month comes first, which
    are ambiguous (a dot follows the day unless the column shows otherwise), and which have a year of two digits or the
    name of a month.
#}
{% macro date_patterns() %}
    {{ return({
        'day_first': '^(1[3-9]|2[0-9]|3[01])[-/.][0-9]{1,2}[-/.][0-9]{4}',
        'month_first': '^[0-9]{1,2}[-/.](1[3-9]|2[0-9]|3[01])[-/.][0-9]{4}',
        'open': '^(0?[1-9]|1[0-2])[-/](0?[1-9]|1[0-2])[-/][0-9]{4}',
        'short': '^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}([^0-9]|$)',
        'named': '^([^0-9]*[a-zA-ZÀ-ž]{3}|[0-9]{1,4}(st|nd|rd|th|[.])?[-/ ]*[a-zA-ZÀ-ž]{3})',
    }) }}
{% endmacro %}
