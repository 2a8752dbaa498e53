{#
    Ask the library how the numbers of a column are written: calls a function of customer_segmentation.inputs.notation,
    which is also used for files to score, so that both are read in the same way.
    Example: {% set questions = notation('number_questions', {'text': 'trim(amount)'}) %}
#}
{% macro notation(function, arguments) %}
    {% set request = tojson(dict(arguments, function=function)) %}
    {{ return(fromjson(run_query("select notation_answer('" ~ request | replace("'", "''") ~ "')").rows[0][0])) }}
{% endmacro %}
