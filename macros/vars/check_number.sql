{#
    Stop if a setting is not a number, or is outside its limits. A number given as text is accepted, because yaml and
    the shell may quote it.
    Example: {% do check_number('borderline_margin', var('borderline_margin'), 0, 1, false) %}
#}
{% macro check_number(name, value, lowest, highest, is_whole) %}
    {% set form = '-?[0-9]+' if is_whole else '-?[0-9]+([.][0-9]*)?([eE][-+]?[0-9]+)?' %}
    {% set is_number = modules.re.fullmatch(form, value ~ '') and value is not boolean %}
    {% if not is_number or value | float < lowest or (highest is not none and value | float > highest) %}
        {% set kind = 'a whole number' if is_whole else 'a number' %}
        {% set range = ' of ' ~ lowest ~ ' or more' if highest is none else ' from ' ~ lowest ~ ' to ' ~ highest %}
        {% do customer_segmentation.stop_on_var(name, value, kind ~ range) %}
    {% endif %}
{% endmacro %}
