"""Tests that touch nothing."""
