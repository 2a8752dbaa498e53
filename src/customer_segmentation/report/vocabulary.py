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
    # segments.headline of a publication as it may leave the house
    translatable("Too few customers to show figures"),
    # persona_trait_checks.expected_level, in words
    translatable("very low"),
    translatable("low"),
    translatable("high"),
    translatable("very high"),
    # drift_checks.drift
    translatable("none"),
    translatable("small"),
    translatable("medium"),
    translatable("large"),
    # category_effects.effect, beside the sizes above
    translatable("not applicable"),
    translatable("negligible"),
    # campaign_effects.verdict
    translatable("no comparison"),
    translatable("invalid"),
    translatable("not the outcome"),
    translatable("not proven"),
    translatable("gain proven"),
    translatable("loss proven"),
    # campaign_effects.persona, where is_total
    translatable("All personas"),
    # campaign_recommendations.channel and rfm_groups.channel, in words
    translatable("app push"),
    translatable("direct mail"),
    translatable("email"),
    translatable("in store"),
    translatable("phone call"),
    translatable("sms"),
    translatable("social ad"),
    # algorithm_comparison.algorithm, in words
    translatable("Gaussian mixture (full)"),
    translatable("Gaussian mixture (tied)"),
    translatable("Gaussian mixture (diag)"),
    translatable("Gaussian mixture (spherical)"),
    translatable("Gaussian mixture (lowest BIC)"),
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
    translatable("other reasons"),
)
