{#
    What the drift checks compare of a segmentation, in the order in which measured_customers() numbers them: its
    features, the distance to the nearest centre, and the segment. `shape` is one of fitted_shapes().
#}
{% macro drift_measures(shape) %}
    {% set measures = [] %}
    {% for position in range(1, shape.features + 1) %}{% do measures.append('feature ' ~ position) %}{% endfor %}
    {{ return(measures + ['distance', 'segment']) }}
{% endmacro %}
