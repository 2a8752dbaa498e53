{#
    Whom `segmentation forget` has put on the suppression list of a dataset: {salt, hashes}, without hashes where none
    is. A build without a history (`history_folder: none`) reads the list of the folder that it would otherwise have.
    Example: {% set suppressed = suppressed_customers('shop') %}
#}
{% macro suppressed_customers(dataset) %}
    {% if not execute or customer_segmentation.only_compiles() %}{{ return({'hashes': []}) }}{% endif %}
    {% set otherwise = '' if customer_segmentation.is_guest()
        else 'history_' ~ target.schema if target.schema != 'main' else 'history' %}
    {% set words = [] %}
    {% for text in [dataset, customer_segmentation.history_folder(), otherwise] %}
        {% do words.append("'" ~ text | replace("'", "''") ~ "'") %}
    {% endfor %}
    {% set answer = fromjson(run_query("select suppressed_customers(" ~ words | join(', ') ~ ")").rows[0][0]) %}
    {% if 'problem' in answer %}{% do exceptions.raise_compiler_error(answer.problem) %}{% endif %}
    {{ return(answer) }}
{% endmacro %}
