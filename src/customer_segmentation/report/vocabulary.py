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
    # category_effects.effect, beside the sizes above
    translatable("not applicable"),
    translatable("negligible"),
    # campaign_recommendations.channel and rfm_groups.channel, in words
    translatable("app push"),
    translatable("direct mail"),
    translatable("email"),
    translatable("in store"),
    translatable("phone call"),
    translatable("sms"),
    translatable("social ad"),
    # rejected_rows.reason
    translatable("missing"),
    translatable("placeholder"),
    translatable("not a number"),
    translatable("not a date"),
    translatable("out of range"),
    translatable("broken line"),
    translatable("summary row"),
    translatable("duplicate id"),
    translatable("duplicate row"),
    translatable("another currency"),
    translatable("unknown customer"),
    translatable("unknown experiment"),
    translatable("unknown outcome"),
    translatable("before the start"),
    # feature_relationships.shape
    translatable("linear"),
    translatable("quadratic"),
    # persona_trait_checks.expected_level, in words, beside medium
    translatable("very low"),
    translatable("low"),
    translatable("high"),
    translatable("very high"),
    # data_quality_results.severity
    translatable("critical"),
    translatable("warning"),
)
