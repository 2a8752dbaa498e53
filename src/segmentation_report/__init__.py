"""What people look at: pictures, an interactive report and slides, all made from the published marts and nothing else."""
