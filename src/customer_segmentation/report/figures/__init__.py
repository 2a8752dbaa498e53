"""What there is to see of a dataset and of a segmentation: one list, which pictures, report and dashboard read."""
