"""Starter files for BI tools: the published tables with their relations and metrics, in the words of each tool."""
