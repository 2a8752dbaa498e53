{#
    The arm of a customer in an experiment: `control` or `treated`. It depends on salt and id alone, by `row_hash`, so
    another customer, build, engine or number of threads changes no arm, and other salts draw independently.
    Example: {{ experiment_arm('salt', 'customer_id', 'control_share') }} as arm
#}
{% macro experiment_arm(salt, customer_id, control_share) -%}
    {%- set draw = customer_segmentation.row_hash(salt ~ " || ' ' || " ~ customer_id) -%}
    case when {{ draw }} < {{ control_share }} then 'control' else 'treated' end
{%- endmacro %}
