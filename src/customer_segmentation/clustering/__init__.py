"""Fitting: scaling, K-Means that finds the optimum, and the models that are kept."""
