{#
    Read an input unchanged: all columns under their own names, plus `input_row_number`. The source is the file, glob or
    table named by the var with the same name; otherwise `source`, which is such a text or a relation: ref(...),
    source(...). Lines of a file that are not records have no values;
    `input_problem` and `input_line` give the reason and the original line. Text files are read without guessing types,
    so that staging can say for every value why it cannot be used. Data that comes with this project is marked:
    `is_synthetic` for generated rows, `fingerprint` (data_fingerprint) for rows that users may replace.
    Example, a whole model: {{ read_input('shop_customers', source('shop', 'customers')) }}
#}
{% macro read_input(input, source, is_synthetic=false, fingerprint=none) %}
    {% set dataset, is_relation = customer_segmentation.dataset_of_input(input), source is not string %}
    {# data that this project generates or has as a seed is fast to read again #}
    {% set is_ours = is_relation and (is_synthetic or fingerprint) %}
    {% do config(
        materialized='view' if is_ours and not var(input, none)
            else customer_segmentation.input_materialization(var(input, none) or source),
        schema='inputs',
        persist_docs={'relation': true, 'columns': false},
        post_hook="{{ customer_segmentation.stop_on_lost_rows('" ~ input ~ "') }}",
        meta={'input': {
            'name': none if is_relation else source, 'is_relation': is_relation, 'is_synthetic': is_synthetic,
            'fingerprint': fingerprint,
        }}
    ) %}
    {% do customer_segmentation.stop_on_seed_problems() %}
    {% if not execute or (
        customer_segmentation.only_compiles() and not customer_segmentation.is_built(this, may_be_empty=true)
    ) %}
        {{ return('select 1 as input_row_number') }}
    {% endif %}
    {% do customer_segmentation.stop_on_half_given(dataset) %}
    {% set location = customer_segmentation.input_location(input) %}
    {% if location.kind == 'relation' %}
        {{ return(customer_segmentation.numbered_rows(source)) }}
    {% elif location.kind == 'table' %}
        {{ return(customer_segmentation.numbered_rows(customer_segmentation.input_table(input, location.name))) }}
    {% endif %}
    {% set files = customer_segmentation.inspected_files(input, location.name) %}
    {% for file in files if file.note %}{% do log(input ~ ': ' ~ file.note, info=true) %}{% endfor %}
    {% if files[0].format == 'parquet' and 'file_row_number' not in files[0].columns | map('lower') %}
        {{ return(customer_segmentation.numbered_parquet_rows(files)) }}
    {% endif %}
    {% set columns, selects, broken = [], [], files | selectattr('has_broken_lines') | list %}
    {% for column in files[0].columns %}{% do columns.append(customer_segmentation.quoted(column)) %}{% endfor %}
    {% for file in files %}
        {% set problem = 'input_problem, input_line' if file.has_broken_lines
            else 'null as input_problem, null as input_line' %}
        {% do selects.append(
            'select ' ~ columns | join(', ') ~ (', ' ~ problem if broken else '') ~ ' from ' ~ file.reader
        ) %}
    {% endfor %}
    {{ return(customer_segmentation.numbered_rows('(' ~ selects | join(' union all ') ~ ')')) }}
{% endmacro %}
