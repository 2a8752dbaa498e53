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
    # category_effects.effect
    translatable("negligible"),
    translatable("small"),
    translatable("medium"),
    translatable("large"),
    translatable("not applicable"),
)
