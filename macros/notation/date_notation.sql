{#
    Add to an entry of input_reading how its dates are written; stops the build if that is ambiguous. `seen` has an
    example of each of date_patterns.
#}
{% macro date_notation(input, relation, entry, seen, words) %}
    {% set way_out = 'Write dates as 2024-12-31' %}
    {% if (seen.day_first and seen.month_first) or (seen.open and not seen.day_first and not seen.month_first) %}
        {% do customer_segmentation.stop_on_open_notation(
            input, entry.found, seen.open or seen.day_first, 'whether the day or the month comes first', way_out
        ) %}
    {% endif %}
    {% set dates = 'day_first' if seen.day_first else 'month_first' if seen.month_first else none %}
    {% set notes = ['the ' ~ dates | replace('_first', '') ~ ' comes first in its dates'] if dates else [] %}
    {% set months = {} %}
    {% if seen.named %}
        {% for word in words if word.kind == 'month' %}
            {% do months.update({word.written | lower: word.means}) %}
        {% endfor %}
    {% endif %}
    {% set short, latest_year = none, entry.maximum[:4] | int %}
    {% if seen.short or seen.named %}
        {% set found = customer_segmentation.short_dates(relation, entry, seen, months, latest_year) %}
        {# an order that fits all values, or else all but a few: a single typing error does not stop the build #}
        {% set few = (
            words | selectattr('kind', 'equalto', 'limit') | selectattr('written', 'equalto', 'stray values') | first
        ).factor %}
        {% set orders, nearly = [], [] %}
        {% for order in ['day_first', 'month_first', 'year_first']
            if found.dates and found[order] >= (1 - few) * found.dates %}
            {% do (orders if found[order] == found.dates else nearly).append(order) %}
        {% endfor %}
        {% set orders = orders or nearly %}
        {% if found.dates and (dates or found.has_long_names) %}
            {# years of four digits have settled the order #}
            {% set short = dates or 'day_first' %}
        {% elif orders == ['day_first', 'year_first'] and found.different_firsts >= 5
            and found.different_firsts >= 3 * found.different_lasts %}
            {# days vary more than years #}
            {% set short = 'day_first' %}
        {% elif orders == ['day_first', 'year_first'] and found.different_lasts >= 5
            and found.different_lasts >= 3 * found.different_firsts %}
            {% set short = 'year_first' %}
        {% elif orders | length == 1 %}
            {% set short = orders[0] %}
        {% elif found.dates %}
            {% do customer_segmentation.stop_on_open_notation(
                input, entry.found, found.example, 'which of its numbers is the day, the month or the year', way_out
            ) %}
        {% endif %}
        {% if short %}
            {% do notes.append(
                'two-digit years are the latest ones up to ' ~ latest_year
                ~ (', and come first' if short == 'year_first' else '')
                ~ ('' if short in (dates, 'year_first') or not seen.short
                    else '; the ' ~ short | replace('_first', '') ~ ' comes first')
            ) %}
        {% endif %}
    {% endif %}
    {% do entry.update({
        'dates': dates, 'short_years': short, 'latest_year': latest_year, 'months': months, 'notes': entry.notes + notes
    }) %}
{% endmacro %}
