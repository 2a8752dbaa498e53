"""The parts that touch files and databases: opening the warehouse, publishing the marts, printing the summary."""
