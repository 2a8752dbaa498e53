"""Which segment a customer is in who was not part of the fit, and why."""
