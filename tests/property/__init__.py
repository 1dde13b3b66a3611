"""Tests that invent their input."""
