{#
    The columns of a row that says what is wrong with a judgement seed: file, row, column, what was found, what was
    expected and how to fix it. `key` lists the columns that name the row, or is a text where no column does; `found`
    and `expected` are SQL.
    Example: {{ problem('campaigns', ['campaign'], 'channel', 'channel', "'a channel'", 'Correct it.') }}
    from campaigns where ...
#}
{% macro problem(seed, key, column, found, expected, way_out) -%}
    {%- set names = [] -%}
    {%- for name in key if key is not string -%}
        {%- do names.append("'" ~ (', ' if names else '') ~ name.split('.') | last ~ " ' || " ~ name) -%}
    {%- endfor -%}
select
        'seeds/judgement/{{ seed }}.csv' as file,
        {{ "'" ~ key ~ "'" if key is string else names | join(' || ') }} as row_key,
        '{{ column }}' as column_name,
        {{ found }} as found,
        {{ expected }} as expected,
        '{{ way_out }}' as way_out
{%- endmacro %}
