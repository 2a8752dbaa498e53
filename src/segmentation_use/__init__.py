"""What people do with a publication: score customers, look at segments, take audiences away."""
