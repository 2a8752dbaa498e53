{#
    Stop if a var has an invalid value: vars become part of SQL and settings of Python models, so a word in place of a
    number would cause an unrelated error or a wrong result. Runs first in every build and while the project is parsed.
    Vars that one macro alone reads are checked there (evidence, memory_limit, spill_folder, ...).
#}
{% macro check_vars() %}
    {# name: lowest, highest, whether it is a whole number; none means no limit #}
    {% set numbers = {
        'borderline_margin': [0, 1, false],
        'trait_value_tolerance': [0, none, false],
        'persona_match_good': [0, none, false],
        'persona_match_fair': [0, none, false],
        'kmeans_starts': [1, 1000000, true],
        'random_seed': [0, 4294967295, true],
        'evidence_starts': [1, 1000000, true],
        'evidence_customers': [1, 1000000000, true],
        'exact_customers': [0, 1000000000000, true],
        'coreset_customers': [1, 1000000000, true],
        'pass_tolerance': [0, 1, false],
        'most_passes': [1, 1000000, true],
        'values_in_memory': [0, 1000000000000, true],
        'resampling_customers': [1, 1000000000, true],
        'picture_customers': [1, 1000000000, true],
        'prediction_strength_threshold': [0, 1, false],
        'small_effect': [0, 1, false],
        'medium_effect': [0, 1, false],
        'large_effect': [0, 1, false],
        'significance_level': [0, 1, false],
        'lifetime_repeat_buyers': [1, 1000000000, true],
        'prediction_share': [0, 0.45, false],
        'prediction_customers': [1, 1000000000, true],
        'largest_k_compared': [2, 1000, true],
        'quality_rows': [1, 1000000000, true],
        'rows_of_one_machine': [0, 1000000000000, true],
        'main_currency_share': [0, 1, false],
        'placeholder_rows': [1, 1000000, false],
        'lone_date_gap_days': [1, 1000000, true],
        'lone_date_share': [0, 1, false],
        'smallest_cell': [1, 999999, true],
        'lineage_main_share': [0, 1, false],
        'drift_small': [0, none, false],
        'drift_medium': [0, none, false],
        'drift_large': [0, none, false],
        'lineage_part_share': [0, 1, false],
        'effect_sought': [0, 1000, false],
        'experiment_power': [0, 1, false],
        'campaign_budget': [0, 1000000000000, false],
        'trial_share': [0, 1, false],
    } %}
    {% for name, limits in numbers.items() %}
        {% do customer_segmentation.check_number(name, var(name), limits[0], limits[1], limits[2]) %}
    {% endfor %}
    {% for names in [['persona_match_good', 'persona_match_fair'], ['small_effect', 'medium_effect', 'large_effect'],
        ['lineage_part_share', 'lineage_main_share'], ['drift_small', 'drift_medium', 'drift_large']] %}
        {% for lower, higher in zip(names[:-1], names[1:]) if var(lower) | float > var(higher) | float %}
            {% do customer_segmentation.stop_on_var(
                lower, var(lower), "at most that of " ~ higher ~ ", " ~ var(higher)
            ) %}
        {% endfor %}
    {% endfor %}

    {% set repetitions, counts = var('evidence_repetitions'), [
        'segment_bootstraps', 'bootstraps', 'half_splits', 'gap_references', 'prediction_bootstraps'
    ] %}
    {% for evidence in ['full', 'fast', 'none'] %}
        {% if repetitions is not mapping or repetitions.get(evidence) is not mapping %}
            {% do customer_segmentation.stop_on_var(
                'evidence_repetitions', repetitions, "full, fast and none, each with " ~ counts | join(', ')
            ) %}
        {% endif %}
        {% for count in counts %}
            {% do customer_segmentation.check_number(
                'evidence_repetitions, ' ~ evidence ~ ', ' ~ count, repetitions[evidence].get(count), 0, 1000000, true
            ) %}
        {% endfor %}
    {% endfor %}

    {% if var('exact_points') is not boolean %}
        {% do customer_segmentation.stop_on_var('exact_points', var('exact_points'), "true or false") %}
    {% endif %}
    {% set currency = var('transaction_currency') %}
    {% if currency is not none and currency is not string %}
        {% do customer_segmentation.stop_on_var(
            'transaction_currency', currency, "a currency such as EUR, `converted`, or nothing for the main one"
        ) %}
    {% endif %}
    {% set fallbacks = var('fallback_segmentations') %}
    {% if fallbacks is string or fallbacks is mapping or fallbacks is not iterable
        or fallbacks | reject('string') | list %}
        {% do customer_segmentation.stop_on_var(
            'fallback_segmentations', fallbacks, "a list of names of segmentations, or []"
        ) %}
    {% endif %}

    {% do customer_segmentation.names_in_var('datasets') %}
    {% do customer_segmentation.names_in_var('datasets_with_purchases', may_be_empty=true) %}
    {% do customer_segmentation.names_in_var('datasets_with_outcomes', may_be_empty=true) %}
    {% for input in customer_segmentation.dataset_inputs() | map(attribute='input') %}
        {% set given = var(input, none) %}
        {% if given is not none and given is not string %}
            {% do customer_segmentation.stop_on_var(
                input, given, "a file, a glob or a table in quotes, or null for what its model says"
            ) %}
        {% endif %}
    {% endfor %}

    {% set folder = var('published_folder') %}
    {% if folder is not none and (folder is not string or not folder.strip()) %}
        {% do customer_segmentation.stop_on_var(
            'published_folder', folder, "the folder where readers find the result, or null for `published`"
        ) %}
    {% endif %}

    {% set folder = var('history_folder') %}
    {% if folder is not none and (folder is not string or not folder.strip()) %}
        {% do customer_segmentation.stop_on_var(
            'history_folder', folder, "the folder of the history, null for `history`, or `none` to keep no history"
        ) %}
    {% endif %}

    {% if var('refit') not in [none, 'always', 'when_drifted', 'never'] %}
        {% do customer_segmentation.stop_on_var(
            'refit', var('refit'), "always, when_drifted, never, or null for what segmentations.csv says"
        ) %}
    {% endif %}
    {% if not modules.re.fullmatch('(en|de)(_[A-Z]{2})?', var('locale') | string) %}
        {% do customer_segmentation.stop_on_var(
            'locale', var('locale'), "en or de, with or without a country, such as en_GB or de_CH"
        ) %}
    {% endif %}
    {% if var('keep_model', false) %}
        {% do customer_segmentation.stop_on_var(
            'keep_model', var('keep_model'), "no such var: `refit: never` keeps the models"
        ) %}
    {% endif %}

    {% if var('history_months') is not none %}
        {% do customer_segmentation.check_number('history_months', var('history_months'), 1, 12000, true) %}
    {% endif %}

    {% set day = var('as_of_date') %}
    {% if day is not none and day ~ '' != '' %}
        {% set days = {'02': 29, '04': 30, '06': 30, '09': 30, '11': 30} %}
        {% set parts = (day ~ '').split('-') %}
        {% if not modules.re.fullmatch('[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])', day ~ '')
            or parts[2] | int > days.get(parts[1], 31)
            or (parts[1] ~ parts[2] == '0229'
            and (parts[0] | int % 4 or (parts[0] | int % 100 == 0 and parts[0] | int % 400))) %}
            {% do customer_segmentation.stop_on_var(
                'as_of_date', day, "a date such as 2024-12-31, or nothing for the last day of the data"
            ) %}
        {% endif %}
    {% endif %}
{% endmacro %}
