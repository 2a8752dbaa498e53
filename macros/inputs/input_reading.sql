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
    {% set present = {} %}
    {% for column in customer_segmentation.columns_of_input(relation) %}
        {% do present.update({column.name: column}) %}
    {% endfor %}

    {% set choices = {} %}
    {% for row in customer_segmentation.input_choices(input, values.render()) %}
        {% do choices.setdefault(row[0], []).append([row[1], row[2]]) %}
    {% endfor %}
    {% set units = customer_segmentation.header_units(input, present.keys() | list, spellings) %}

    {% set reading = customer_segmentation.found_columns(input, relation, spellings, {
        'input_definitions': definitions.render(), 'input_synonyms': synonyms.render(), 'features': features.render(),
        'placeholder_ids': placeholders.render(),
    }) %}
    {% for entry in reading %}{% do entry.update({'choices': choices.get(entry.column, [])}) %}{% endfor %}
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
