"""What a build does beside its models: open the warehouse, say what takes long, say what a machine lacks."""
