"""Tests of the project itself: sizes, habits, words and documents."""
