{#
    A table that Spark computes: dbt compiles its SELECT as always, the library translates it, Spark writes Parquet to
    the lake folder, and the warehouse shows the files as a view. Files that it showed before are deleted last.
#}
{% materialization spark_table, adapter='duckdb', supported_languages=['sql'] %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- set table = {
        'schema': this.schema, 'name': this.identifier, 'query': compiled_code, 'build_id': invocation_id
    } -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% call statement('main', language='python') -%}
        {{- customer_segmentation.spark_step('build_table', table) -}}
    {%- endcall %}
    {% if config.get('contract').enforced %}
        {% do get_assert_columns_equivalent('select * from ' ~ target_relation) %}
    {% endif %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target_relation, model) %}
    {{ adapter.commit() }}
    {% call statement('old_files', language='python') -%}
        {{- customer_segmentation.spark_step('remove_old_files', table) -}}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
