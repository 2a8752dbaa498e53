{#
    A table that Spark computes: dbt compiles its SELECT as always, the library translates it, Spark writes Parquet to
    the lake folder, and the warehouse shows the files as a view.
#}
{% materialization spark_table, adapter='duckdb', supported_languages=['sql'] %}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='view') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- set table = {
        'schema': this.schema, 'name': this.identifier, 'query': compiled_code, 'build_id': invocation_id
    } -%}
    {% if existing_relation is not none and not existing_relation.is_view %}
        {{ drop_relation_if_exists(existing_relation) }}
    {% endif %}
    {% call statement('main', language='python') -%}
from customer_segmentation.spark.lake import build_table
from customer_segmentation.warehouse.machine_limits import without_traceback


class dbtObj:
    def __init__(self, load):
        pass


def model(dbt, connection):
    import json

    build_table(connection, json.loads({{ tojson(tojson(table)) }}))


def materialize(frame, connection):
    pass


model, materialize = without_traceback(model), without_traceback(materialize)
    {%- endcall %}

    {% if config.get('contract').enforced %}
        {% do get_assert_columns_equivalent('select * from ' ~ target_relation) %}
    {% endif %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target_relation, model) %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
