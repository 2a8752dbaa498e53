{#
    Chooses between several columns that can be the same column of staging: {found, passed_over}. `passed_over` gives
    the reason for each column that was not chosen. A name that the seed `input_synonyms` marks with `!` takes
    precedence (`preferred`, as preferred_spellings lists them), then an exact match of the name. The data decides
    between several ids: an id that is sometimes empty loses to one that is always filled, and if two ids are
    equivalent, the first in the seed `input_synonyms` is taken. Stops if the choice is ambiguous.
#}
{% macro chosen_column(input, relation, column_name, kind, matching, spellings, preferred=[]) %}
    {% set passed_over = {} %}
    {% if matching | length < 2 %}
        {{ return({'found': matching[0] if matching else none, 'passed_over': passed_over}) }}
    {% endif %}
    {% set open = namespace(found=column_name if column_name in matching else none, why='') %}
    {% set first = namespace(found=none) %}
    {% for spelled in preferred if not first.found %}
        {% for name in matching if customer_segmentation.spelling(name) == spelled %}
            {% set first.found = name %}
        {% endfor %}
    {% endfor %}
    {% if first.found %}
        {% set open.found = first.found %}
        {% set open.why = 'seeds/judgement/input_synonyms.csv gives precedence to ' ~ first.found %}
    {% elif kind == 'id' %}
        {% set candidates = [] %}
        {% for key, meaning in spellings.items() if key[0] == input and meaning == column_name %}
            {% for name in matching if customer_segmentation.spelling(name) == key[1] and name not in candidates %}
                {% do candidates.append(name) %}
            {% endfor %}
        {% endfor %}
        {% set counts = [] %}
        {% for name in candidates %}
            {% do counts.append(
                "count(nullif(trim(cast(" ~ customer_segmentation.quoted(name) ~ " as " ~ dbt.type_string() ~ ")), ''))"
            ) %}
        {% endfor %}
        {% set filled = run_query("select count(*), " ~ counts | join(', ') ~ " from " ~ relation).rows[0].values() %}
        {% set always = [] %}
        {% for name in candidates %}
            {% if filled[loop.index] == filled[0] %}{% do always.append(name) %}{% endif %}
        {% endfor %}
        {% if open.found in always or (open.found and not always) %}
            {% set open.why = 'the column ' ~ open.found ~ ' has exactly this name' %}
        {% elif always | length == 1 or (always and customer_segmentation.same_partition(relation, always)) %}
            {% set open.found = always[0] %}
            {% set open.why = always[0] ~ ' is filled in every row'
                ~ (' and is equivalent' if always | length > 1 else '') %}
        {% else %}
            {% set open.found = none %}
        {% endif %}
    {% elif open.found %}
        {% set open.why = 'the column ' ~ open.found ~ ' has exactly this name' %}
    {% endif %}
    {% if not open.found %}
        {% do exceptions.raise_compiler_error(
            "The input " ~ input ~ " (" ~ customer_segmentation.input_origin(input) ~ ") is ambiguous: its columns "
            ~ matching | join(' and ')
            ~ " can both be " ~ column_name ~ ". Rename the right one to " ~ column_name
            ~ ", or remove the other. Or give it precedence: "
            ~ "add a row such as " ~ input ~ "," ~ column_name ~ ",!" ~ matching[0]
            ~ " to seeds/judgement/input_synonyms.csv."
        ) %}
    {% endif %}
    {% for name in matching if name != open.found %}
        {% do passed_over.update({name: 'could also be ' ~ column_name ~ ', but ' ~ open.why}) %}
    {% endfor %}
    {{ return({'found': open.found, 'passed_over': passed_over}) }}
{% endmacro %}
