"""The rule language: documents read, checked, compiled and evaluated."""
