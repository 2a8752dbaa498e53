"""Static pictures of a publication: what customers are like, why there are k segments, and what the segments are."""
