{#
    The first half of input_reading: which column of an input each column of staging is found in, and what its ids
    show. `spellings` are those of input_spellings; `seeds` names the relations of four seeds by their names.
#}
{% macro found_columns(input, relation, spellings, seeds) %}
    {% set preferred = customer_segmentation.preferred_spellings(input, seeds.input_synonyms) %}
    {% set present = {} %}
    {% for column in customer_segmentation.columns_of_input(relation) %}
        {% do present.update({column.name: column}) %}
    {% endfor %}

    {% set reading = [] %}
    {% set definition_query %}
        select
            definitions.column_name,
            definitions.kind,
            definitions.when_missing,
            coalesce(definitions.valid_minimum, cast(features.valid_minimum as {{ dbt.type_string() }})),
            coalesce(definitions.valid_maximum, cast(features.valid_maximum as {{ dbt.type_string() }}))
        from {{ seeds.input_definitions }} as definitions
        left join {{ seeds.features }} as features
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
            'choices': [], 'found': found,
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
    {{ return(customer_segmentation.with_ids(input, relation, reading, seeds.placeholder_ids)) }}
{% endmacro %}
