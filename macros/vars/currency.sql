{#
    The currency of all money, from the var `currency`: a sign such as $ or €, or a code such as CHF.
    Example: {{ currency() }} as currency
#}
{% macro currency() -%}
    {%- set wanted = customer_segmentation.setting('currency') -%}
    {%- if execute and not modules.re.fullmatch(
        '[^\\W\\d_]{1,3}|[A-Z]{0,2}[^\\w\\s\'"\\\\;,.%{}()<>&/-]', wanted | string
    ) -%}
        {%- do exceptions.raise_compiler_error(
            "The var `currency` is '" ~ wanted ~ "'. Expected a sign such as $ or €, or up to three letters such as "
            ~ "CHF. Correct it in dbt_project.yml or where you pass it with --vars."
        ) -%}
    {%- endif -%}
    {{ return(wanted) }}
{%- endmacro %}
