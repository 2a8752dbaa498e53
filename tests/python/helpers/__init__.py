"""What tests have in common: projects to build, publications to read, readers of pages."""
