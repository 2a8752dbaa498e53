{#
    How an input is read: one entry per column that staging wants, in order.
    [{column, kind, when_missing, minimum, maximum, choices, found, type, comma, points, dates, notes}, ...]
    `found` is the column of the input (none if it has none) and `type` its type (`text`, `whole`, `fraction`, `date` or
    `other`); `choices` lists [written, read_as] of a choice. `comma` and `points` say what these mean in numbers written as
    text (`decimal`, `thousands` or none), `dates` which comes first in dates of numbers (`day_first`, `month_first` or none).
    number_notation and date_notation add how unusual values are read, and `notes` about them for people.
    Stops the build where the input leaves open what is meant, or is of another kind.
#}
{% macro input_reading(input) %}
    {% set relation, definitions, synonyms = ref('input_' ~ input), ref('input_definitions'), ref('input_synonyms') %}
    {% set features, values, notations = ref('features'), ref('input_values'), ref('input_notations') %}
    {% if not execute %}{{ return([]) }}{% endif %}
    {% set spellings = input_spellings(synonyms) %}
    {% set present = {} %}
    {% for column in adapter.get_columns_in_relation(relation) if column.name != 'input_row_number' %}
        {% do present.update({column.name: column}) %}
    {% endfor %}

    {% set choices = {} %}
    {% for row in input_choices(input, values) %}{% do choices.setdefault(row[0], []).append([row[1], row[2]]) %}{% endfor %}
    {% set units = header_units(input, present.keys() | list, spellings) %}

    {% set reading = [] %}
    {% set definition_query %}
        select
            definitions.column_name,
            definitions.kind,
            definitions.when_missing,
            coalesce(definitions.valid_minimum, cast(features.valid_minimum as {{ dbt.type_string() }})),
            coalesce(definitions.valid_maximum, cast(features.valid_maximum as {{ dbt.type_string() }}))
        from {{ definitions }} as definitions
        left join {{ features }} as features
            on features.dataset = '{{ dataset_of_input(input) }}' and definitions.column_name = features.feature
        where definitions.input = '{{ input }}'
        order by definitions.position
    {% endset %}
    {% for row in run_query(definition_query).rows %}
        {% do stop_on_faulty_definition(input, row) %}
        {% set matching = [] %}
        {% for name in present %}
            {% if spellings.get((input, spelling(name))) == row[0] %}{% do matching.append(name) %}{% endif %}
        {% endfor %}
        {# the very name of the column settles it #}
        {% if row[0] in matching %}{% set matching = [row[0]] %}{% endif %}
        {% if matching | length > 1 %}
            {% do exceptions.raise_compiler_error(
                "The input " ~ input ~ " (" ~ input_origin(input) ~ ") is ambiguous: its columns " ~ matching | join(' and ')
                ~ " can both be " ~ row[0] ~ ". Rename the right one to " ~ row[0] ~ ", or remove the other."
            ) %}
        {% endif %}
        {% set found = matching[0] if matching else none %}
        {% do reading.append({
            'column': row[0], 'kind': row[1], 'when_missing': row[2], 'minimum': row[3], 'maximum': row[4],
            'choices': choices.get(row[0], []), 'found': found, 'type': column_kind(present[found]) if found else none,
            'comma': none, 'points': none, 'dates': none,
        }) %}
    {% endfor %}
    {% do stop_on_missing_columns(input, reading, present.keys() | list, spellings) %}
    {{ return(with_notations(input, relation, reading, units)) }}
{% endmacro %}
