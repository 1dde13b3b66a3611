"""Hand-worked examples for the naive reference interpreter."""
