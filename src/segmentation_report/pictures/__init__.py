"""Static pictures of a publication: what the customers are like, why there are k segments, and what the segments are."""
