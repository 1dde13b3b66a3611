"""Trials of the whole service, by hand: they take minutes and print tables. See the README."""
