{# The sentence that says what is wrong with a row of judged_input. #}
{% macro value_explanation() -%}
    case
        when problem_column = 'line' then problem_value
        else {{ customer_segmentation.found_instead('problem_column', 'problem_value') }}
    end
{%- endmacro %}
