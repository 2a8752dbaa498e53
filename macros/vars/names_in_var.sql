{#
    The names that the var `datasets` or `datasets_with_purchases` lists. They become parts of the names of tables, so
    each consists of lower-case letters, digits and underscores, starts with a letter, and is listed once.
    Example: {% for dataset in names_in_var('datasets') %}
#}
{% macro names_in_var(name, may_be_empty=false) %}
    {% set names = var(name, []) if may_be_empty else var(name) %}
    {% set expected = "a list of names such as [shop, shop_abroad], each of lower-case letters, digits and "
        ~ "underscores and only once" %}
    {% if names is string or names is mapping or names is not sequence or (not names and not may_be_empty)
        or names | unique | list | length < names | length %}
        {% do customer_segmentation.stop_on_var(name, names, expected) %}
    {% endif %}
    {% set letters = 'abcdefghijklmnopqrstuvwxyz' %}
    {% for one in names %}
        {% if one is not string or not one or one[0] not in letters
            or one | reject('in', letters ~ '0123456789_') | list %}
            {% do customer_segmentation.stop_on_var(name, names | join(', '), expected) %}
        {% endif %}
    {% endfor %}
    {{ return(names) }}
{% endmacro %}
