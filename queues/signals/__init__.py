"""Slow signals: ordered, asked for, posted."""
