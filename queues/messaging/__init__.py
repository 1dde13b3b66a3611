"""Celery over Redis: lanes, relay, workers, and what they do."""
