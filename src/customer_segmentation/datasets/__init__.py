"""Take up a dataset from any source, and take one out again: the files of the project that belong to it."""
