"""The command `segmentation`: show segments, explain a customer, write audiences and tables to files."""
