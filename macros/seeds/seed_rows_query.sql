{# The query that reads the file of a seed as texts, for a seed that needs another seed while it is loaded. #}
{% macro seed_rows_query(name) %}
    {% set seed = graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed')
        | selectattr('name', 'equalto', name) | first %}
    {{ return(
        "read_csv(" ~ customer_segmentation.file_pattern(seed.root_path ~ '/' ~ seed.original_file_path)
        ~ ", all_varchar = true, header = true)"
    ) }}
{% endmacro %}
