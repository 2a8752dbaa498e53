"""Words that published tables hold and pages show: grades, states, reasons. Pages look them up like any other text.

What users name themselves, such as personas, campaigns and features, is shown as it is.
"""

from customer_segmentation.language import translatable

WORDS = (
    # segments.stability_grade
    translatable("stable"),
    translatable("usable"),
    translatable("doubtful"),
    translatable("dissolved"),
    # drift_checks.drift
    translatable("none"),
    translatable("small"),
    translatable("medium"),
    translatable("large"),
    # category_effects.effect, which can be small, medium or large, too
    translatable("not applicable"),
    translatable("negligible"),
    # feature_relationships.shape
    translatable("linear"),
    translatable("quadratic"),
    # persona_trait_checks.expected_level, with medium
    translatable("very low"),
    translatable("low"),
    translatable("high"),
    translatable("very high"),
    # data_quality_results.severity
    translatable("critical"),
    translatable("warning"),
    # rejected_rows.reason
    translatable("missing"),
    translatable("not a number"),
    translatable("out of range"),
    translatable("placeholder"),
    translatable("not a date"),
    translatable("broken line"),
    translatable("summary row"),
    translatable("duplicate id"),
    translatable("duplicate row"),
    translatable("unknown customer"),
    translatable("unknown experiment"),
    translatable("unknown outcome"),
    translatable("before the start"),
)
