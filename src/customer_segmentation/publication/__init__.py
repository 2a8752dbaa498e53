"""What readers get: writing a publication, reading one, and what of it may leave the house."""
