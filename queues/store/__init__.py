"""Postgres: what is waiting, decided, done and known; the only place that commits."""
