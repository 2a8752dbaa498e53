"""Fit the models of purchases and amounts: lifetime_value.fits.fit_lifetime_values."""

from customer_segmentation.lifetime_value.fits import LIFETIME_VALUE_FITS, fit_lifetime_values
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    fits = fit_lifetime_values(
        dbt.ref("purchase_patterns").order("all").df(),
        dbt.ref("amount_patterns").order("all").df(),
        repeat_buyers=settings["repeat_buyers"],
    )
    return typed_relation(session, fits, LIFETIME_VALUE_FITS)
