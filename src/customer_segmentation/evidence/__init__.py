"""How sure a segmentation is: criteria for k, stability, silhouettes, rules, and other algorithms."""
