"""People's work with many open cases, measured: claims, votes, what is taken back, what counts."""
