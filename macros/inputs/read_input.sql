{#
    Read an input as it comes: all columns under their own names, and `input_row_number`. From the file, glob or table that
    the var of the same name gives; otherwise from `source`, which is a text of that kind, or a relation: ref(...), source(...).
    Where a file has lines that are no record, they have no values, and `input_problem` and `input_line` say why and how they came.
    Text files are read without guessing types, so that staging can say of every value why it cannot be used.
    Data that comes with this project says so: `is_synthetic` for rows that it makes up, `fingerprint` (data_fingerprint) for rows that
    somebody may replace.
    Example, a whole model: {{ read_input('shop_customers', source('shop', 'customers')) }}
#}
{% macro read_input(input, source, is_synthetic=false, fingerprint=none) %}
    {% set dataset, is_relation = customer_segmentation.dataset_of_input(input), source is not string %}
    {# what this project draws or brings as a seed is quick to read again #}
    {% set is_ours = is_relation and (is_synthetic or fingerprint) %}
    {% do config(
        materialized='view' if is_ours and not var(input, none) else customer_segmentation.input_materialization(var(input, none) or source),
        schema='inputs',
        persist_docs={'relation': true, 'columns': false},
        post_hook="{{ customer_segmentation.stop_on_lost_rows('" ~ input ~ "') }}",
        meta={'input': {
            'name': none if is_relation else source, 'is_relation': is_relation, 'is_synthetic': is_synthetic,
            'fingerprint': fingerprint,
        }}
    ) %}
    {% do customer_segmentation.stop_on_seed_problems() %}
    {% if not execute or (customer_segmentation.only_compiles() and not customer_segmentation.is_built(this, may_be_empty=true)) %}{{ return('select 1 as input_row_number') }}{% endif %}
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
        {% set problem = 'input_problem, input_line' if file.has_broken_lines else 'null as input_problem, null as input_line' %}
        {% do selects.append('select ' ~ columns | join(', ') ~ (', ' ~ problem if broken else '') ~ ' from ' ~ file.reader) %}
    {% endfor %}
    {{ return(customer_segmentation.numbered_rows('(' ~ selects | join(' union all ') ~ ')')) }}
{% endmacro %}
