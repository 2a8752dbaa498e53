{#
    `true`, or `false` with the var `evidence: none`. Tables that weigh or explain a segmentation put it into a `where`, so
    that they exist in any case and are empty when nobody wants to wait for them.
    Example: where {{ evidence_wanted() }}
#}
{% macro evidence_wanted() %}
    {{ return('false' if var('evidence') == 'none' else 'true') }}
{% endmacro %}
