{#
    The feature for each RFM measure of a dataset, as the seed `rfm_measures` defines it:
    [{dataset, recency, frequency, monetary, counts_all_purchases, has_amounts}, ...], sorted.
#}
{% macro rfm_features() %}
    {% set seed = ref('rfm_measures') %}
    {# before the seed is loaded, one dataset to render #}
    {% if not customer_segmentation.is_built(seed) %}
        {{ return([{'dataset': customer_segmentation.names_in_var('datasets')[0]}]) }}
    {% endif %}
    {% set query %}
        select
            dataset,
            max(case when measure = 'recency' then feature end) as recency,
            max(case when measure = 'frequency' then feature end) as frequency,
            max(case when measure = 'monetary' then feature end) as monetary,
            bool_and(counts_all_purchases or measure <> 'frequency') as counts_all_purchases,
            bool_and(counts_all_purchases or measure <> 'monetary') as has_amounts
        from {{ seed.render() }}
        group by dataset
        order by dataset
    {% endset %}
    {% set listed = [] %}
    {% for row in run_query(query).rows %}{% do listed.append(row.dict()) %}{% endfor %}
    {{ return(listed) }}
{% endmacro %}
