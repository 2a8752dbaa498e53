"""What people look at: pictures, an interactive report and slides, made from the published marts alone."""
