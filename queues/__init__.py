"""Remembers what waits, is stored or is sent."""
