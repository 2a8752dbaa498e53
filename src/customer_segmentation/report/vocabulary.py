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
    # and of a segment of a kept model that has lost all its customers
    translatable("No customers any more"),
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
    translatable("and chance alone may explain it"),
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
    translatable("social ad"),
    # algorithm_comparison.algorithm, in words
    translatable("Gaussian mixture (full)"),
    translatable("Gaussian mixture (tied)"),
    translatable("Gaussian mixture (diag)"),
    translatable("Gaussian mixture (spherical)"),
    translatable("Gaussian mixture (lowest BIC)"),
    translatable("Gaussian mixture, full"),
    translatable("Gaussian mixture, tied"),
    translatable("Gaussian mixture, diag"),
    translatable("Gaussian mixture, spherical"),
    translatable("Gaussian mixture, lowest BIC"),
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
    # fit_optima.found_by
    translatable("starts"),
    translatable("relocation"),
    translatable("personas"),
    # algorithm_comparison.noise_handling
    translatable("every customer is in a cluster"),
    translatable("no clusters were formed"),
    translatable(
        "noise left out of silhouette, Davies-Bouldin and Calinski-Harabasz, a cluster of its own in the adjusted "
        "Rand index"
    ),
    # published_result_checks.figure
    translatable("inertia"),
    translatable("silhouette"),
    # published_result_checks.verdict
    translatable("confirmed"),
    translatable("local optimum"),
    translatable("error"),
    # prediction_checks.verdict
    translatable("holds less"),
    translatable("holds more"),
    translatable("as good"),
    # campaign_effects.reason
    translatable("no customer was treated"),
    translatable("there is no control"),
    translatable("there are no results yet"),
    translatable("one customer alone is treated"),
    translatable("one customer alone is in the control"),
    translatable("no customer bought in either arm"),
    translatable("no customer bought in the treated arm"),
    translatable("no customer bought in the control"),
    translatable("all customers have the same result"),
    translatable("all customers of one arm have the same result, so chance cannot be measured"),
    # budget_plan.reason, where it is not that of the effect
    translatable("the experiment was not set up to measure money"),
    translatable("the experiment is not valid"),
    translatable("the experiment is still running"),
    translatable("no effect is proven"),
    translatable("the campaign does harm"),
    translatable("the seed margins has no row for the dataset"),
    translatable("it costs more than it brings"),
    # experiment_plans.verdict
    translatable("unknown"),
    translatable("large enough"),
    translatable("only large effects"),
    translatable("too small to learn anything"),
    # experiment_audiences.status
    translatable("not assigned"),
    translatable("finished"),
    translatable("control too small"),
    translatable("running"),
    translatable("planned"),
    # experiment_audiences.step
    translatable("eligible"),
    translatable("contactable"),
    translatable("not in another experiment"),
    translatable("not capped"),
    translatable("assigned"),
    translatable("treated"),
    translatable("control"),
    # experiment_audiences.left_out_because, where it has no numbers
    translatable("in an experiment whose window overlaps"),
    translatable("treated by an experiment that started too recently"),
    translatable("in the control"),
    # feature_relationships.shape
    translatable("linear"),
    translatable("quadratic"),
    # data_quality_results.severity
    translatable("critical"),
    translatable("warning"),
)
