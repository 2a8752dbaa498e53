{#
    How an input is read: one entry per column that staging wants, in order.
    [{column, kind, when_missing, minimum, maximum, choices, found, type, comma, points, dates, notes}, ...] `found` is
    the column of the input (none if it has none) and `type` its type (`text`, `whole`, `fraction`, `date` or `other`);
    `choices` lists [written, read_as] of a choice. `comma` and `points` give the meaning of these characters in numbers
    written as text (`decimal`, `thousands` or none), and `dates` the order of numeric dates (`day_first`, `month_first`
    or none). `notes` explains other decisions about the column to readers.
    The macros number_notation, date_notation, with_ids, with_net_amount, with_amount, with_marks, with_currency and
    with_smallest_unit describe what they add. Stops the build if the input is ambiguous or of another kind.
#}
{% macro input_reading(input) %}
    {% set relation, definitions, synonyms = ref('input_' ~ input), ref('input_definitions'), ref('input_synonyms') %}
    {% set features, values, placeholders = ref('features'), ref('input_values'), ref('placeholder_ids') %}
    {% set notations = ref('input_notations') %}
    {% if not customer_segmentation.is_built(notations)
        or not customer_segmentation.is_built(relation, may_be_empty=true) %}
        {{ return([]) }}
    {% endif %}
    {% set spellings = customer_segmentation.input_spellings(synonyms.render()) %}
    {% set preferred = customer_segmentation.preferred_spellings(input, synonyms.render()) %}
    {% set present = {} %}
    {% for column in customer_segmentation.columns_of_input(relation) %}
        {% do present.update({column.name: column}) %}
    {% endfor %}

    {% set choices = {} %}
    {% for row in customer_segmentation.input_choices(input, values.render()) %}
        {% do choices.setdefault(row[0], []).append([row[1], row[2]]) %}
    {% endfor %}
    {% set units = customer_segmentation.header_units(input, present.keys() | list, spellings) %}

    {% set reading = [] %}
    {% set definition_query %}
        select
            definitions.column_name,
            definitions.kind,
            definitions.when_missing,
            coalesce(definitions.valid_minimum, cast(features.valid_minimum as {{ dbt.type_string() }})),
            coalesce(definitions.valid_maximum, cast(features.valid_maximum as {{ dbt.type_string() }}))
        from {{ definitions.render() }} as definitions
        left join {{ features.render() }} as features
            on features.dataset = '{{ customer_segmentation.dataset_of_input(input) }}'
                and definitions.column_name = features.feature
        where definitions.input = '{{ input }}'
        order by definitions.position
    {% endset %}
    {% for row in run_query(definition_query).rows %}
        {% do customer_segmentation.stop_on_faulty_definition(input, row) %}
        {% set matching = [] %}
        {% for name in present %}
            {% if spellings.get((input, customer_segmentation.spelling(name))) == row[0] %}
                {% do matching.append(name) %}
            {% endif %}
        {% endfor %}
        {% set chosen = customer_segmentation.chosen_column(
            input, relation, row[0], row[1], matching, spellings, preferred.get(row[0], [])
        ) %}
        {% set found = chosen.found %}
        {% if found and customer_segmentation.column_kind(present[found]) == 'nested' %}
            {% do customer_segmentation.stop_on_nested_column(input, found, present[found].dtype, row[0]) %}
        {% endif %}
        {% do reading.append({
            'column': row[0], 'kind': row[1], 'when_missing': row[2], 'minimum': row[3], 'maximum': row[4],
            'choices': choices.get(row[0], []), 'found': found,
            'type': customer_segmentation.column_kind(present[found]) if found else none,
            'comma': none, 'points': none, 'dates': none, 'notes': [], 'passed_over': chosen.passed_over,
        }) %}
    {% endfor %}
    {% if not reading %}
        {% do exceptions.raise_compiler_error(
            "The seed input_definitions says nothing about " ~ input
            ~ " in the warehouse. Expected one row per column. Load the seeds with `dbt seed`, "
            ~ "or build all with `dbt build`; if it has no such rows in its file, add them."
        ) %}
    {% endif %}
    {% set reading = customer_segmentation.with_ids(input, relation, reading, placeholders.render()) %}
    {% do customer_segmentation.with_computed_amount(reading) %}
    {% do customer_segmentation.stop_on_missing_columns(
        input, reading | rejectattr('is_computed') | list, present.keys() | list, spellings
    ) %}
    {% set reading = customer_segmentation.with_net_amount(reading) %}
    {% set reading = customer_segmentation.with_amount(
        input, relation, customer_segmentation.with_notations(input, relation, reading, units)
    ) %}
    {% set reading = customer_segmentation.with_currency(
        input, relation, customer_segmentation.with_marks(input, relation, reading)
    ) %}
    {{ return(customer_segmentation.with_smallest_unit(input, relation, reading, present.keys() | list)) }}
{% endmacro %}
