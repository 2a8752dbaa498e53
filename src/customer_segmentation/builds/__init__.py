"""Builds of the project: what the last one has left, and what a change since then makes out of date."""
