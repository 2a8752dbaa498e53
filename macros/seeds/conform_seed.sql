{#
    Check a freshly loaded seed against the columns declared in its yml and give each column its declared type.
    Stops the build with a message that names the file, the row (the header not counted), the column, what was found and
    what was expected.
    Rows of disabled datasets are left out.
    A column may be empty only if its meta says `optional: true`, or names a `default`, which also fills a column that
    the file does not have (the default "" leaves it empty); where meta names a `word`, that word may stand for a
    number and is stored as an empty value; where meta says `has_currency: true`, {currency} is replaced by the var. A
    raw input keeps its text, because staging judges its rows.
#}
{% macro conform_seed() %}
    {% if not execute %}{{ return('') }}{% endif %}
    {% do customer_segmentation.stop_on_host() %}
    {% set file = model.original_file_path %}
    {% set columns = adapter.get_columns_in_relation(this) %}
    {% set found = columns | map(attribute='name') | list %}
    {% set declared = model.columns.values() | list %}
    {# a file of an earlier version lacks columns that have a default #}
    {% for column in declared if 'default' in column.config.meta and column.name not in found %}
        {% do run_query(
            "alter table " ~ this ~ " add column " ~ adapter.quote(column.name) ~ " " ~ dbt.type_string()
        ) %}
        {% do found.append(column.name) %}
    {% endfor %}
    {% set missing = declared | map(attribute='name') | reject('in', found) | list %}
    {% set unknown = found | reject('in', declared | map(attribute='name') | list) | list %}
    {% if missing or unknown %}
        {% do exceptions.raise_compiler_error(
            file ~ ": " ~ ("the column " ~ missing | join(', ') ~ " is missing" if missing else
            "the column " ~ unknown | join(', ') ~ " is not known") ~ ". Found " ~ found | join(', ')
            ~ "; expected " ~ declared | map(attribute='name') | join(', ')
            ~ ". Correct the header line (the columns are declared in the yml beside the file)."
        ) %}
    {% endif %}
    {# dbt's own loader, which another dbt project uses, has guessed types #}
    {% for column in columns if not column.is_string() %}
        {% do run_query(
            "alter table " ~ this ~ " alter column " ~ adapter.quote(column.name) ~ " set data type "
            ~ dbt.type_string()
        ) %}
    {% endfor %}
    {% set rows_in_file = run_query("select count(*) from " ~ this).rows[0][0] %}
    {% if not model.config.meta.get('raw_input') %}
        {% do customer_segmentation.leave_out_other_datasets(found) %}
    {% endif %}
    {% if not model.config.meta.get('may_be_empty', false) and rows_in_file == 0 %}
        {% do exceptions.raise_compiler_error(
            file ~ " has a header line but no rows. Expected at least one. Restore the file or fill it."
        ) %}
    {% endif %}
    {% if model.config.meta.get('raw_input') %}{{ return('') }}{% endif %}

    {% set checks = [] %}
    {% for column in declared %}
        {% set value = "trim(" ~ adapter.quote(column.name) ~ ")" %}
        {% set number = "(" ~ customer_segmentation.as_number(value) ~ ")" %}
        {% set unreadable = {
            'integer': number ~ " is null or " ~ number ~ " <> floor(" ~ number ~ ") or try_cast(" ~ value
                ~ " as integer) is null",
            'double': number ~ " is null",
            'boolean': "try_cast(" ~ value ~ " as boolean) is null",
            'date': "try_cast(" ~ value ~ " as date) is null",
        }.get(column.data_type, "false") %}
        {% set optional = column.config.meta.get('optional', false) or 'default' in column.config.meta %}
        {% set word = column.config.meta.get('word', '') %}
        {% do checks.append(
            "select row_number, '" ~ column.name ~ "' as column_name, '" ~ column.data_type ~ "' as expected, '" ~ word
            ~ "' as word, "
            ~ value ~ " as found from numbered where "
            ~ ("false" if optional else "coalesce(" ~ value ~ ", '') = ''")
            ~ " or (" ~ value ~ " not in ('', '" ~ word ~ "') and (" ~ unreadable ~ "))"
        ) %}
    {% endfor %}
    {% set problems = run_query(
        "with numbered as (select *, row_number() over () as row_number from " ~ this ~ ") select * from ("
        ~ checks | join(' union all ') ~ ") as problems order by row_number, column_name"
    ) %}
    {% if problems.rows | length > 0 %}
        {% set first = problems.rows[0] %}
        {% do exceptions.raise_compiler_error(
            file ~ ", row " ~ first[0] ~ ", column " ~ first[1] ~ ": found "
            ~ ("'" ~ first[4] ~ "'" if first[4] else "nothing") ~ ", expected "
            ~ {
                'integer': 'a whole number', 'double': 'a number', 'boolean': 'true or false',
                'date': 'a day such as 2025-01-31',
            }.get(first[2], 'a text')
            ~ (" or the word " ~ first[3] if first[3] else "")
            ~ ". Correct the value"
            ~ (" (and " ~ (problems.rows | length - 1) ~ " more in this file)." if problems.rows | length > 1 else ".")
        ) %}
    {% endif %}
    {% do customer_segmentation.stop_on_repeated_row() %}

    {% set values = [] %}
    {% for name in found %}
        {% set column, value = model.columns[name], "trim(" ~ adapter.quote(name) ~ ")" %}
        {% set kept = value ~ " not in ('', '" ~ column.config.meta.get('word', '') ~ "')" %}
        {% if column.config.meta.get('has_currency') %}
            {% set value = "replace(" ~ value ~ ", '{currency}', '" ~ customer_segmentation.currency() ~ "')" %}
        {% endif %}
        {% set default = "'" ~ column.config.meta.default ~ "'" if column.config.meta.get('default') else 'null' %}
        {% do values.append(
            "cast(case when " ~ kept ~ " then " ~ value ~ " else " ~ default ~ " end as " ~ column.data_type ~ ") as "
            ~ adapter.quote(name)
        ) %}
    {% endfor %}
    {# another table and not `alter column`: a DuckLake changes no text into a number #}
    {% set typed = this.incorporate(path={'identifier': this.identifier ~ '__typed'}) %}
    {% do run_query("create table " ~ typed ~ " as select " ~ values | join(', ') ~ " from " ~ this) %}
    {% do run_query("drop table " ~ this) %}
    {% do run_query("alter table " ~ typed ~ " rename to " ~ adapter.quote(this.identifier)) %}
    {% do customer_segmentation.duckdb__persist_docs(this.incorporate(type='table'), model, true, true, true) %}
    {{ return('') }}
{% endmacro %}
