"""Velocity counters shared by all processes: sliding windows in Redis, refilled from Postgres."""
