"""What campaigns brought, measured against customers who were left alone, and what to spend next."""
