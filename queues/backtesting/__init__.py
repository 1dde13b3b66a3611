"""Policies tried on what came, and what was forecast compared with what happened."""
