"""Measures the engine: seeded rule sets over texts, and what judging them costs."""
