{#
    The names of the public tables, in reading order, for `published_tables`. dbt must know the dependencies of a model
    while parsing, so the tables are listed here; their descriptions and keys come from their yml, and a test compares
    both. The tables of a dataset come first.
    Example: {% for table in public_tables() %}
#}
{% macro public_tables() %}
    {% set tables = [] %}
    {% for dataset in customer_segmentation.names_in_var('datasets') %}
        {% do tables.append(dataset ~ '_customer_features') %}
    {% endfor %}
    {% for dataset in customer_segmentation.datasets_with_purchases() %}
        {% do tables.extend([dataset ~ '_category_mix', dataset ~ '_customer_history']) %}
    {% endfor %}
    {{ return(tables + [
        'customer_overview', 'customer_segments', 'segments', 'segment_profiles', 'segment_genders', 'personas',
        'persona_trait_checks', 'campaign_recommendations', 'customer_campaigns',
        'campaign_assignments', 'experiment_audiences', 'experiment_plans', 'campaign_aggregates', 'campaign_effects',
        'budget_plan',
        'segment_sizes', 'segment_changes', 'segment_migrations', 'segment_movers', 'segment_lineage', 'model_versions',
        'refit_comparisons', 'segment_history', 'monthly_migrations', 'drift_checks',
        'rfm_scores', 'rfm_thresholds', 'rfm_groups', 'rfm_group_segments', 'purchase_cohorts',
        'customer_value', 'customer_lifetime_value', 'lifetime_value_models', 'prediction_checks',
        'cluster_centroids', 'segmentation_fits', 'prediction_features', 'accepted_notations', 'scoring_models',
        'scoring_macros',
        'k_selection', 'k_recommendation', 'alternative_segments', 'fit_optima', 'segment_stability', 'grades',
        'algorithm_comparison', 'segment_rules',
        'principal_components', 'customer_components', 'customer_silhouettes', 'published_result_checks',
        'segment_crosswalk',
        'segmentation_agreement',
        'feature_summary', 'feature_histograms', 'feature_correlations', 'feature_relationships', 'category_counts',
        'category_profiles', 'category_effects', 'segment_distributions',
        'datasets', 'input_columns', 'rejected_rows', 'money_account', 'skipped_segmentations', 'data_quality_results',
    ]) }}
{% endmacro %}
