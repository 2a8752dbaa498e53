{# The key columns of a model: those of its test `has_key`, the first test if there are several. #}
{% macro key_of_model(name) %}
    {% set tests = graph.nodes.values() | selectattr('resource_type', 'equalto', 'test') | list %}
    {% set keys = [] %}
    {% for test in tests if test.test_metadata and test.test_metadata.name == 'has_key' %}
        {% if (test.attached_node or '').split('.')[-1] == name %}
            {% do keys.append(test.test_metadata.kwargs.columns) %}
        {% endif %}
    {% endfor %}
    {{ return(keys | sort | first or []) }}
{% endmacro %}
