"""Releases and models: published, in force, taken into use."""
